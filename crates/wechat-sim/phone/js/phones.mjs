// The phones that stand side by side, in the order of the address. One of them is active: the panel is about it.

import { byId } from "./dom.mjs";
import { createPhone } from "./phone.mjs";

/** `onActive()` is told when another phone becomes the active one. */
export function createPhones(state, act, onActive) {
  const row = byId("phones");
  let phones = [];
  let active = null;

  const activate = (phone) => {
    const changed = phone !== active;
    active = phone;
    for (const one of phones) one.node.dataset.active = String(one === active);
    if (changed) onActive();
  };
  const make = () => {
    const phone = createPhone(state, act);
    // Whatever is touched on a phone makes it the active one.
    for (const touch of ["pointerdown", "focusin"]) phone.node.addEventListener(touch, () => activate(phone));
    return phone;
  };

  return {
    /** One phone for each of `openids`; without any, one that is nobody's. Phones that stay are not touched. */
    place(openids) {
      const wanted = openids.length > 0 ? openids : [null];
      const free = phones.filter((one) => !wanted.includes(one.openid));
      const opened = [];
      const phoneOf = (openid) => {
        const stays = phones.find((one) => one.openid === openid);
        if (stays) return stays;
        const phone = free.shift() ?? make();
        opened.push([phone, openid]);
        return phone;
      };
      const next = wanted.map(phoneOf);
      for (const one of free) one.remove();
      phones = next;
      phones.forEach(({ node }, index) => {
        if (row.children[index] !== node) row.insertBefore(node, row.children[index] ?? null);
      });
      for (const [phone, openid] of opened) phone.open(openid);
      document.body.dataset.phones = String(phones.length);
      activate(phones.includes(active) && opened.length === 0 ? active : (opened[0]?.[0] ?? phones[0]));
    },
    all: () => phones,
    active: () => active,
    activate,
    of: (openid) => phones.find((one) => one.openid === openid) ?? null,
  };
}
