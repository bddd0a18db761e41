// One phone: whose it is, its chat, its composer and its menu. Several may stand side by side.

import * as api from "./api.mjs";
import { createBroken } from "./broken.mjs";
import { coalesce } from "./coalesce.mjs";
import { createComposer } from "./composer.mjs";
import { el, fromTemplate, part } from "./dom.mjs";
import { drawIcons } from "./icons.mjs";
import { onLanguage, t, translateIn } from "./i18n.mjs";
import { createMenuBar } from "./menu_bar.mjs";
import { tapMenu } from "./menu_tap.mjs";
import { createOutbox } from "./outbox.mjs";
import { accountName, followerName, follows } from "./people.mjs";
import { learnSizes } from "./picture.mjs";
import { followsInPage } from "./route.mjs";
import { scanCode } from "./scan.mjs";
import { drawStatusBar } from "./status_bar.mjs";
import { createTimeline } from "./timeline.mjs";

/** "Typing…" fades by itself: look again after this long. */
const TYPING_MS = 3_000;

/** `state`: what the page knows; `act`: `{settle, attempt, refreshPeople, refreshFaults, leave(phone), leaveTo(phone)}`. */
export function createPhone(state, act) {
  const node = fromTemplate("phone-template");
  drawIcons(node);
  drawStatusBar(part(node, "status-bar"));
  const timeline = createTimeline(node);
  const composer = createComposer(node, { onSend: send, onScan: scan });
  const menuBar = createMenuBar(node, (button) => act.attempt(() => tapMenu(button, self)));
  const broken = createBroken(node, state, act);
  const refreshTimeline = coalesce(readTimeline);
  const refreshMenu = coalesce(readMenu);

  let openid = null;
  let outbox = null;
  let items = [];
  let typing = false;
  let typingTimer = null;
  let buttons = [];

  const follower = () => state.followers.find((one) => one.openid === openid) ?? null;

  /** Becomes the phone of `wanted`, or nobody's. */
  function open(wanted) {
    openid = wanted;
    items = [];
    typing = false;
    outbox = null;
    buttons = [];
    timeline.reset();
    menuBar.reset();
    begin();
  }

  /** Takes up the chat as soon as the account is known. */
  function begin() {
    const { account } = state;
    if (account && openid && !outbox) {
      outbox = createOutbox({ appId: account.app_id, openid, onChange: drawTimeline, onAccepted: () => act.settle(refreshTimeline()) });
      composer.open(`${account.app_id}.${openid}`);
      act.settle(Promise.all([refreshTimeline(), refreshMenu()]));
    }
    draw();
  }

  async function readTimeline() {
    const { account } = state;
    const box = outbox;
    if (!account || !box) return;
    const expected = box.expected();
    const read = await api.timeline(account.app_id, openid);
    await learnSizes(read.items);
    if (box !== outbox) return;
    box.settle(read.items, expected);
    items = read.items;
    typing = Boolean(read.is_typing);
    drawTitle();
    drawTimeline();
    clearTimeout(typingTimer);
    if (typing) typingTimer = setTimeout(() => act.settle(refreshTimeline()), TYPING_MS);
  }

  async function readMenu() {
    const { account } = state;
    const box = outbox;
    if (!account || !box) return;
    const read = await api.menu(account.app_id, openid);
    if (box !== outbox || JSON.stringify(read) === JSON.stringify(buttons)) return;
    buttons = read;
    menuBar.draw(buttons);
  }

  function send(message, file) {
    return outbox?.add(message, file);
  }

  function scan() {
    return act.attempt(async () => {
      await scanCode({ appId: state.account.app_id, openid });
      await act.refreshPeople();
    });
  }

  function follow() {
    return act.attempt(async () => {
      await api.sendEvent(state.account.app_id, openid, "subscribe");
      await act.refreshPeople();
    });
  }

  /** A file chosen by hand, or null; for menu buttons that ask for a picture. */
  function pickPicture() {
    const input = el("input", { type: "file", accept: "image/*" });
    return new Promise((resolve) => {
      input.addEventListener("change", () => resolve(input.files[0] ?? null));
      input.addEventListener("cancel", () => resolve(null));
      input.click();
    });
  }

  function draw() {
    const who = follower();
    const open = Boolean(who);
    const gone = state.ready && Boolean(openid) && !open;
    part(node, "chat").hidden = !open;
    part(node, "nobody").hidden = open;
    part(node, "nobody-words").textContent = t(gone ? "chat.unknown_follower" : "chat.nobody");
    part(node, "composer").hidden = !follows(who);
    part(node, "not-following").hidden = follows(who);
    part(node, "back").hidden = !openid;
    part(node, "back").href = act.leaveTo(self);
    node.setAttribute("aria-label", open ? t("phone.of", { name: followerName(who) }) : t("phone.nobody"));
    node.dataset.openid = openid ?? "";
    part(node, "owner").textContent = open ? followerName(who) : "";
    part(node, "scroller").setAttribute("aria-label", t("chat.timeline_of", { name: followerName(who) }));
    broken.draw(openid);
    drawTitle();
    drawTimeline();
  }

  /** While the account's side writes, WeChat says so in place of its name. */
  function drawTitle() {
    part(node, "title").textContent = typing ? t("chat.typing") : accountName(state.account);
  }

  function drawTimeline() {
    const { account } = state;
    const who = follower();
    if (!who || !outbox) return;
    timeline.draw([...items, ...outbox.items()], {
      account: { id: account.app_id, name: accountName(account) },
      follower: { id: who.openid, name: followerName(who) },
      onMenuPick: (id, content) => send({ type: "text", content, bizmsgmenuid: String(id) }),
      onResend: (id) => outbox.resend(id),
      onDrop: (id) => outbox.drop(id),
    });
  }

  function leave(event) {
    if (!followsInPage(event)) return;
    event.preventDefault();
    act.leave(self);
  }

  function translated() {
    translateIn(node);
    composer.translate();
    menuBar.draw(buttons);
    draw();
  }

  part(node, "follow").addEventListener("click", follow);
  part(node, "scan-here").addEventListener("click", scan);
  for (const way of ["back", "close"]) part(node, way).addEventListener("click", (event) => leave(event));
  const stopTranslating = onLanguage(translated);

  const self = {
    node,
    open,
    begin,
    draw,
    send,
    pickPicture,
    follower,
    get openid() {
      return openid;
    },
    get appId() {
      return state.account?.app_id;
    },
    items: () => items,
    refresh: () => act.settle(Promise.all([refreshTimeline(), refreshMenu()])),
    hear: () => act.settle(refreshTimeline()),
    remove() {
      stopTranslating();
      clearTimeout(typingTimer);
      outbox = null;
      node.remove();
    },
  };
  translated();
  return self;
}
