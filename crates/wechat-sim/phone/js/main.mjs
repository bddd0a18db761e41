// The phone page: reads the address, keeps what the simulator says, and hands it to the parts that draw.

import * as api from "./api.mjs";
import { readClock } from "./clock.mjs";
import { coalesce } from "./coalesce.mjs";
import { createComposer } from "./composer.mjs";
import { byId, el } from "./dom.mjs";
import { drawIcons } from "./icons.mjs";
import { onLanguage, t, translate } from "./i18n.mjs";
import { startLive } from "./live.mjs";
import { createOutbox } from "./outbox.mjs";
import { createPanel } from "./panel.mjs";
import { accountName, createPeople, followerName, follows } from "./people.mjs";
import { learnSizes } from "./picture.mjs";
import { followsInPage, href, readRoute } from "./route.mjs";
import { ask } from "./sheet.mjs";
import { createTimeline } from "./timeline.mjs";
import { reasonOf, toast } from "./toast.mjs";

const state = {
  ready: false,
  accounts: [],
  account: null,
  wantedAppId: null,
  followers: [],
  follower: null,
  openid: null,
  items: [],
  typing: false,
  news: new Set(),
  connected: true,
};
let outbox = null;
let typingTimer = null;

/** "Typing…" fades by itself: look again after this long. */
const TYPING_MS = 3_000;

const timeline = createTimeline();
const composer = createComposer(send);
const drawPeople = createPeople(go);
const drawPanel = createPanel(() => state, () => refreshPeople());

const refreshPeople = coalesce(readPeople);
const refreshTimeline = coalesce(readTimeline);

function go(appId, openid) {
  history.pushState(null, "", href(appId, openid));
  openRoute();
}

/** Takes up what the address says. */
async function openRoute() {
  const { appId, openid } = readRoute();
  Object.assign(state, { wantedAppId: appId, openid, items: [], typing: false });
  if (appId && appId !== state.account?.app_id) Object.assign(state, { account: null, followers: [] });
  state.follower = state.followers.find((one) => one.openid === openid) ?? null;
  state.news.delete(openid);
  timeline.reset();
  outbox = null;
  openChat();
  if (state.follower) draw();
  await settle(refreshPeople());
  openChat();
  draw();
}

function openChat() {
  const { account, openid } = state;
  if (!account || !openid || outbox) return;
  outbox = createOutbox({ appId: account.app_id, openid, onChange: drawTimeline, onAccepted: () => settle(refreshTimeline()) });
  composer.open(`${account.app_id}.${openid}`);
  settle(refreshTimeline());
}

async function readPeople() {
  state.accounts = await api.accounts();
  state.account = pickAccount();
  state.followers = state.account ? await api.followers(state.account.app_id) : [];
  state.follower = state.followers.find((one) => one.openid === state.openid) ?? null;
  state.ready = true;
  draw();
}

function pickAccount() {
  const { accounts, wantedAppId } = state;
  if (wantedAppId) return accounts.find((one) => one.app_id === wantedAppId) ?? null;
  return accounts.length === 1 ? accounts[0] : null;
}

async function readTimeline() {
  const { account, openid } = state;
  if (!account || !openid) return;
  const box = outbox;
  const expected = box.expected();
  const { items, is_typing: typing } = await api.timeline(account.app_id, openid);
  await learnSizes(items);
  if (box !== outbox) return;
  box.settle(items, expected);
  Object.assign(state, { items, typing });
  drawTitle();
  drawTimeline();
  clearTimeout(typingTimer);
  if (typing) typingTimer = setTimeout(() => settle(refreshTimeline()), TYPING_MS);
}

/** A refresh that fails is tried again by the next change; the notice says that the link is gone. */
async function settle(refresh) {
  try {
    await refresh;
  } catch (error) {
    if (error.code === "network") linked(false);
    else if (error.code !== "follower_not_found" && state.follower) toast(reasonOf(error));
  }
}

function send(message, file) {
  return outbox?.add(message, file);
}

function draw() {
  const { account, follower } = state;
  const open = Boolean(follower);
  document.body.dataset.view = state.openid ? "chat" : "list";
  byId("chat").hidden = !open;
  byId("nobody").hidden = open;
  byId("nobody").lastElementChild.textContent = t(state.ready && state.openid && !open ? "chat.unknown_follower" : "chat.nobody");
  byId("composer").hidden = !follows(follower);
  byId("not-following").hidden = follows(follower);
  drawTitle();
  byId("back").hidden = !state.openid;
  byId("back").href = href(account?.app_id, null);
  document.title = open ? t("page.title_chat", { follower: followerName(follower), account: accountName(account) }) : t("page.title");
  drawNotice();
  drawPeople(state);
  drawPanel();
  drawTimeline();
}

/** While the account's side writes, WeChat says so in place of its name. */
function drawTitle() {
  byId("chat-title").textContent = state.typing ? t("chat.typing") : accountName(state.account);
}

function drawTimeline() {
  const { account, follower } = state;
  if (!follower || !outbox) return;
  timeline.draw([...state.items, ...outbox.items()], {
    account: { id: account.app_id, name: accountName(account) },
    follower: { id: follower.openid, name: followerName(follower) },
    onMenuPick: (id, content) => send({ type: "text", content, bizmsgmenuid: String(id) }),
    onResend: (id) => outbox.resend(id),
    onDrop: (id) => outbox.drop(id),
  });
}

function drawNotice() {
  byId("notice").hidden = state.connected;
  byId("notice").textContent = state.connected ? "" : t("live.lost");
}

function linked(connected) {
  state.connected = connected;
  drawNotice();
}

function changed({ kind, app_id: appId, openid }) {
  const here = appId === state.account?.app_id && openid === state.openid;
  if (kind === "hello" || (kind === "typing" && !here)) return;
  if (kind === "clock") settle(readClock()).then(draw);
  else if (kind === "typing") settle(refreshTimeline());
  else if (kind === "timeline" && here) settle(Promise.all([refreshTimeline(), refreshPeople()]));
  else if (kind === "timeline") heardFrom(appId, openid);
  else refreshAll();
}

/** Someone else's phone got something: a red dot and a new preview in the list. */
function heardFrom(appId, openid) {
  if (appId !== state.account?.app_id || !openid) return;
  state.news.add(openid);
  settle(refreshPeople());
}

async function refreshAll() {
  await settle(readClock());
  await settle(refreshPeople());
  openChat();
  await settle(refreshTimeline());
}

async function addFollower() {
  const answer = await ask({
    title: t("sheet.add_title"),
    submit: t("sheet.add_submit"),
    fields: [{ name: "name", label: t("sheet.name"), value: t("people.new_name", { n: state.followers.length + 1 }), required: true }],
  });
  if (!answer) return;
  try {
    const { openid } = await api.addFollower(state.account.app_id, answer.name);
    go(state.account.app_id, openid);
  } catch (error) {
    toast(reasonOf(error));
  }
}

function drawStatusBars() {
  for (const bar of document.querySelectorAll("[data-status-bar]")) {
    bar.replaceChildren(el("span", { class: "status-time" }), el("span", { class: "status-signs", "aria-hidden": "true" }, el("i", { class: "status-signal" }), el("i", { class: "status-battery" })));
  }
}

drawIcons();
drawStatusBars();
translate();
onLanguage(draw);
byId("add-follower").addEventListener("click", addFollower);
byId("back").addEventListener("click", (event) => {
  if (!followsInPage(event)) return;
  event.preventDefault();
  go(state.account?.app_id, null);
});
addEventListener("popstate", openRoute);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) refreshAll();
});
draw();
settle(readClock()).then(drawPanel);
openRoute().then(() => startLive(changed, linked));
