// What this phone has written and the timeline does not show yet. One follower's messages leave in order.

import { sendMessage } from "./api.mjs";
import { simNow } from "./clock.mjs";
import { measure } from "./picture.mjs";
import { reasonOf } from "./toast.mjs";

/** `onChange()` after every change; `onAccepted()` when the simulator has taken a message. */
export function createOutbox({ appId, openid, onChange, onAccepted }) {
  let waiting = [];
  let known = null;
  let tail = Promise.resolve();
  let count = 0;

  const post = (entry) => {
    tail = tail.then(() => deliver(entry));
  };
  const deliver = async (entry) => {
    try {
      await sendMessage(appId, openid, entry.message, entry.file);
    } catch (error) {
      Object.assign(entry.item, { state: "failed", reason: reasonOf(error) });
      onChange();
      return;
    }
    entry.accepted = true;
    onAccepted();
  };

  return {
    items: () => waiting.map((entry) => entry.item),

    async add(message, file) {
      count += 1;
      const item = { id: `local-${count}`, direction: "sent", type: message.type, text: message.content, data: message, state: "sending", at: simNow() };
      if (message.type === "sticker") item.media_id = message.phone_media_id;
      if (file) Object.assign(item, { file, url: URL.createObjectURL(file), data: { title: file.name, file_total_len: file.size } });
      if (message.type === "image") await measure(item.url, item.id);
      const entry = { item, message, file, accepted: false };
      waiting.push(entry);
      onChange();
      post(entry);
    },

    resend(id) {
      const entry = waiting.find((one) => one.item.id === id);
      if (!entry) return;
      waiting = [...waiting.filter((one) => one !== entry), entry];
      Object.assign(entry.item, { state: "sending", reason: undefined, at: simNow() });
      onChange();
      post(entry);
    },

    drop(id) {
      waiting = waiting.filter((entry) => entry.item.id !== id);
      onChange();
    },

    /** Called before a timeline is asked for: what was accepted by then must be in it. */
    expected: () => new Set(waiting.filter((entry) => entry.accepted)),

    /** Forgets what `items` now shows. */
    settle(items, expected) {
      const fresh = known ? items.filter((item) => item.direction === "sent" && !known.has(item.id)) : [];
      known = new Set(items.map((item) => item.id));
      waiting = waiting.filter((entry) => {
        const shown = fresh.findIndex((item) => same(item, entry.item));
        if (shown >= 0) fresh.splice(shown, 1);
        return shown < 0 && !expected.has(entry);
      });
    },
  };
}

function same(shown, waiting) {
  return shown.type === waiting.type && (shown.type !== "text" || shown.text === waiting.text);
}
