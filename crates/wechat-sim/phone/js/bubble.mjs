// One message of the timeline as it looks on the phone.

import { mediaUrl } from "./api.mjs";
import { avatar } from "./avatar.mjs";
import { card } from "./cards.mjs";
import { el } from "./dom.mjs";
import { icon } from "./icons.mjs";
import { language, t } from "./i18n.mjs";
import { picture } from "./picture.mjs";
import { stickerBubble } from "./stickers.mjs";
import { showVideo } from "./viewer.mjs";
import { voice } from "./voice.mjs";

/** What WeChat says in the chat when an account does not answer; it comes from the platform, in Chinese. */
const UNAVAILABLE = "该公众号暂时无法提供服务";
const KANA = /[\u3040-\u30ff]/;
const DIRECTIONS = { sent: "out", received: "in", system: "system" };

/**
 * `look`: `{account, follower, showState, onMenuPick, onResend, onDrop}`.
 * A message of the outbox carries `file` and `url` (its own picture), and `reason` where it could not be sent.
 */
export function bubble(item, look) {
  const direction = DIRECTIONS[item.direction] ?? "system";
  if (direction === "system") return systemLine(item);
  const content = mark(body(item, look), item, direction);
  const who = direction === "out" ? look.follower : look.account;
  return el("li", { class: `row row-${direction}` },
    avatar(who.id, who.name),
    el("span", { class: "only-heard" }, direction === "out" ? t("chat.you") : who.name),
    el("div", { class: "row-body" },
      el("div", { class: "row-content" }, content, signs(item)),
      words(item, look)));
}

function mark(node, item, direction) {
  Object.assign(node.dataset, { testid: "phone-bubble", direction, type: item.type });
  if (item.state) node.dataset.state = item.state;
  return node;
}

function body(item, look) {
  const url = item.url ?? (item.media_id ? mediaUrl(item.media_id) : null);
  const key = item.media_id ?? item.id;
  if (item.type === "text") return textBubble(item.text ?? "");
  if (item.type === "sticker") return stickerBubble(item);
  if (item.type === "image" && url) return el("div", { class: "media" }, picture(url, key));
  if (item.type === "voice" && url) return el("div", { class: "media" }, voice(url, key, item.file));
  if ((item.type === "video" || item.type === "shortvideo") && url) return film(item, url);
  return card(item, { url, onMenuPick: look.onMenuPick }) ?? textBubble(item.text || t("bubble.unsupported", { type: item.type }));
}

function textBubble(text) {
  return el("div", { class: "bubble bubble-text", dir: "auto", lang: KANA.test(text) ? "ja" : null }, text);
}

/** A video; one that an account sent to many has a title below. */
function film(item, url) {
  const title = item.text ? el("p", { class: "film-title", dir: "auto" }, item.text) : null;
  return el("div", { class: "media media-film" }, video(url), title);
}

function video(url) {
  const film = el("video", { src: url, preload: "metadata", muted: true, playsinline: true, tabindex: "-1", width: 160, height: 120 });
  return el("button", { type: "button", class: "video", "aria-label": t("bubble.video"), on: { click: () => showVideo(url) } },
    film, el("span", { class: "video-play" }, icon("play")));
}

/** WeChat's own signs beside a bubble: a turning wheel, a red mark. */
function signs(item) {
  if (item.state === "failed") return el("span", { class: "sign sign-failed", "aria-hidden": "true" }, icon("alert"));
  const busy = item.state === "sending" || item.state === "delivering";
  return busy ? el("span", { class: "sign sign-busy", "aria-hidden": "true" }) : null;
}

function words(item, look) {
  if (item.direction !== "sent" || !item.state || !look.showState) return null;
  if (!item.reason) return el("p", { class: `state state-${item.state}` }, t(`state.${item.state}`));
  return el("p", { class: "state state-failed" },
    t("state.not_sent", { reason: item.reason }), " ",
    el("button", { type: "button", class: "state-action", on: { click: () => look.onResend(item.id) } }, t("state.resend")), " ",
    el("button", { type: "button", class: "state-action", on: { click: () => look.onDrop(item.id) } }, t("state.drop")));
}

function systemLine(item) {
  const text = item.text || t("bubble.unsupported", { type: item.type });
  const known = text.startsWith(UNAVAILABLE);
  return el("li", { class: "row-system" },
    el("span", { class: "system-line", lang: known ? "zh-CN" : null, data: { testid: "phone-bubble", direction: "system", type: item.type } }, text),
    known && language() !== "zh-CN" ? el("span", { class: "system-note" }, t("chat.unavailable")) : null);
}
