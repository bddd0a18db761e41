// The phone page: keeps what the simulator says about accounts and followers, and hands it to the parts that draw.

import * as api from "./api.mjs";
import { createBooks, drawBooks } from "./books.mjs";
import { createBreakCards } from "./break_cards.mjs";
import { readClock } from "./clock.mjs";
import { coalesce } from "./coalesce.mjs";
import { byId } from "./dom.mjs";
import { createDrawer } from "./drawer.mjs";
import { drawIcons } from "./icons.mjs";
import { onLanguage, t, translate } from "./i18n.mjs";
import { readLedger } from "./ledger.mjs";
import { startLive } from "./live.mjs";
import { createPanel } from "./panel.mjs";
import { accountName, createPeople, followerName } from "./people.mjs";
import { createPhones } from "./phones.mjs";
import { MOST_PHONES, href, readRoute } from "./route.mjs";
import { ask, choose } from "./sheet.mjs";
import { drawStatusBar } from "./status_bar.mjs";
import { reasonOf, toast } from "./toast.mjs";

/** The books change without a word of the live stream: they are asked for this often while they are looked at. */
const BOOKS_MS = 2_000;

const state = {
  ready: false,
  accounts: [],
  account: null,
  wantedAppId: null,
  followers: [],
  faults: [],
  news: new Set(),
  connected: true,
  /** What is known about the active phone's follower. */
  ledger: null,
  books: { pushes: [], calls: [] },
};
const books = createBooks();
const act = { settle, attempt, refreshPeople: () => refreshPeople(), refreshFaults: () => refreshFaults(), leave, leaveTo };
const phones = createPhones(state, act, () => {
  Object.assign(state, { ledger: null, books: { pushes: [], calls: [] } });
  settle(refreshBooks());
  draw();
});
const drawPeople = createPeople({ go, isOpen: (openid) => Boolean(phones.of(openid)) });
const current = () => ({ account: state.account, follower: phones.active()?.follower() ?? null, ledger: state.ledger, faults: state.faults, books: state.books });
const panel = createPanel(current, act);
const breakCards = createBreakCards(current, act);
const drawer = createDrawer(() => settle(refreshBooks()));

const refreshPeople = coalesce(readPeople);
const refreshFaults = coalesce(readFaults);
const refreshBooks = coalesce(readBooks);

/** Opens phones: those of `openids`, on this account. */
function show(appId, openids) {
  history.pushState(null, "", href(appId, openids));
  return openRoute();
}

/** A follower chosen in the list takes the active phone, unless a phone of theirs stands there already. */
function go(appId, openid) {
  const open = phones.all().map((one) => one.openid);
  if (openid && open.includes(openid)) {
    phones.activate(phones.of(openid));
    return;
  }
  const at = phones.all().indexOf(phones.active());
  const sameAccount = appId === state.account?.app_id;
  show(appId, sameAccount && openid ? open.with(at, openid) : [openid].filter(Boolean));
}

function without(phone) {
  return phones.all().map((one) => one.openid).filter((openid) => openid !== phone.openid);
}

function leave(phone) {
  show(state.account?.app_id, without(phone));
}

function leaveTo(phone) {
  return href(state.account?.app_id, without(phone));
}

/** Takes up what the address says. */
async function openRoute() {
  const { appId, openids } = readRoute();
  state.wantedAppId = appId;
  if (appId && appId !== state.account?.app_id) Object.assign(state, { account: null, followers: [] });
  for (const openid of openids) state.news.delete(openid);
  phones.place(openids);
  draw();
  await settle(refreshPeople());
}

async function readPeople() {
  state.accounts = await api.accounts();
  state.account = pickAccount();
  state.followers = state.account ? await api.followers(state.account.app_id) : [];
  state.ready = true;
  for (const phone of phones.all()) phone.begin();
  draw();
  await Promise.all([refreshFaults(), refreshBooks()]);
}

function pickAccount() {
  const { accounts, wantedAppId } = state;
  if (wantedAppId) return accounts.find((one) => one.app_id === wantedAppId) ?? null;
  return accounts.length === 1 ? accounts[0] : null;
}

async function readFaults() {
  const [faults, accounts] = await Promise.all([api.faults(), api.accounts()]);
  Object.assign(state, { faults, accounts, account: accounts.find((one) => one.app_id === state.account?.app_id) ?? null });
  draw();
}

/** The ledger of the active phone's follower; the books only where somebody looks at them. */
async function readBooks() {
  const { account } = state;
  const follower = phones.active()?.follower();
  if (!account || !follower) return;
  const looked = drawer.showsBooks() || breakCards.awaits();
  const [ledger, read] = await Promise.all([readLedger(account.app_id, follower), looked ? books.read(account, follower.openid) : state.books]);
  if (phones.active()?.openid !== follower.openid) return;
  Object.assign(state, { ledger, books: read });
  drawPanel();
}

/** A refresh that fails is tried again by the next change; the notice says that the link is gone. */
async function settle(refresh) {
  try {
    await refresh;
  } catch (error) {
    if (error.code === "network") linked(false);
    else if (error.code !== "follower_not_found" && phones.active()?.follower()) toast(reasonOf(error));
  }
}

/** Until it is known whose phone it is, the panel would only jump: it waits for that. */
function showPanel() {
  document.body.dataset.ready = "true";
}

/** Something a person asked for: when it fails, they are told why. */
async function attempt(work) {
  try {
    await work();
  } catch (error) {
    toast(reasonOf(error));
  }
}

function draw() {
  const { account } = state;
  const follower = phones.active()?.follower();
  const open = phones.all().filter((one) => one.openid);
  document.body.dataset.view = open.length > 0 ? "chat" : "list";
  byId("add-phone").hidden = open.length === MOST_PHONES;
  byId("add-phone").disabled = open.length === 0 || !account;
  document.title = follower ? t("page.title_chat", { follower: followerName(follower), account: accountName(account) }) : t("page.title");
  for (const phone of phones.all()) phone.draw();
  drawNotice();
  drawPeople(state);
  drawPanel();
}

function drawPanel() {
  const phone = phones.active();
  panel.draw();
  breakCards.draw();
  if (!phone?.openid || !drawer.showsBooks()) return;
  drawBooks({ ledger: state.ledger, ...state.books, items: phone.items(), openid: phone.openid, all: byId("books-all").checked });
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
  const here = appId === state.account?.app_id ? phones.of(openid) : null;
  if (kind === "hello") return;
  if (kind === "typing") here?.hear();
  else if (kind === "clock") settle(Promise.all([readClock(), refreshPeople()])).then(draw);
  else if (kind === "timeline" && here) settle(Promise.all([here.hear(), refreshPeople()]));
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
  await Promise.all(phones.all().map((phone) => phone.refresh()));
}

/** A new follower, by name: answers the openid, or null. */
async function newFollower() {
  const answer = await ask({
    title: t("sheet.add_title"),
    submit: t("sheet.add_submit"),
    fields: [{ name: "name", label: t("sheet.name"), value: t("people.new_name", { n: state.followers.length + 1 }), required: true }],
  });
  return answer && (await api.addFollower(state.account.app_id, answer.name)).openid;
}

async function addFollower() {
  const openid = await newFollower();
  if (openid) go(state.account.app_id, openid);
}

/** One more phone beside the others: of a follower who has none here yet, or of a new one. */
async function addPhone() {
  const options = state.followers.filter((one) => !phones.of(one.openid)).map((one) => ({ label: followerName(one), hint: one.openid, value: one.openid }));
  const choice = await choose({ title: t("phone.add"), options: [...options, { label: t("people.add"), value: "" }] });
  if (choice === null) return;
  const openid = choice || (await newFollower());
  if (openid) show(state.account.app_id, [...phones.all().map((one) => one.openid), openid]);
}

drawIcons(document);
drawStatusBar(byId("people-status-bar"));
byId("add-follower").addEventListener("click", () => attempt(addFollower));
byId("add-phone").addEventListener("click", () => attempt(addPhone));
byId("books-all").addEventListener("change", drawPanel);
addEventListener("popstate", openRoute);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) refreshAll();
});
setInterval(() => {
  if (!document.hidden && (drawer.showsBooks() || breakCards.awaits())) settle(refreshBooks());
}, BOOKS_MS);
phones.place([]);
translate();
onLanguage(draw);
settle(readClock()).then(panel.drawClock);
openRoute().then(() => {
  showPanel();
  startLive(changed, linked);
});
