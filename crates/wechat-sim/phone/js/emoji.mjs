// The emoji panel.

import { el } from "./dom.mjs";

const EMOJI = [
  "😀 😁 😂 🤣 😊 😇 🙂 😉 😍 🥰 😘 😋 😜 🤔 🤨 😐",
  "😏 😒 🙄 😬 😌 😔 😪 😴 😷 🤒 🥳 😎 🤓 😕 😟 😮",
  "😳 🥺 😢 😭 😱 😓 😤 😡 🤯 😅 🤗 🤭 🤫 🙈 🙉 🙊",
  "👍 👎 👌 ✌️ 🤞 🤝 👏 🙏 💪 👋 ✋ 👀 ❤️ 💔 💯 🔥",
  "🎉 🎁 🌹 🌸 🍀 ☀️ 🌙 ⭐ ☔ ❄️ 🍎 🍜 🍵 ☕ 🍺 🎂",
  "🚗 🚄 ✈️ 🏠 🏥 📦 📱 💻 📷 🔑 💰 🧾 ⏰ ✅ ❌ ❓",
].join(" ").split(" ");

export function fillEmoji(panel, onPick) {
  panel.replaceChildren(...EMOJI.map((emoji) => el("button", { type: "button", class: "emoji", "aria-label": emoji, on: { click: () => onPick(emoji) } }, emoji)));
}
