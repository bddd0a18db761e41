// "What WeChat did": the follower's window, the pushes with their attempts, and the desk's calls. Live while it is looked at.

import * as api from "./api.mjs";
import { simNow, toMillis } from "./clock.mjs";
import { byId, el } from "./dom.mjs";
import { has, language, t } from "./i18n.mjs";
import { codeWords, ledgerLines } from "./ledger.mjs";

/** No more than this of each list is drawn. */
const SHOWN = 60;
/** When the page begins to read calls, it looks back so far. */
const LOOK_BACK_MS = 60 * 60_000;

/** Reads and keeps the books of one account: `{pushes, calls}`, oldest first. */
export function createBooks() {
  let appId = null;
  let calls = [];
  let since = 0;
  return {
    async read(account, openid) {
      if (account.app_id !== appId) {
        appId = account.app_id;
        calls = [];
        since = simNow() - LOOK_BACK_MS;
      }
      const [pushes, fresh] = await Promise.all([api.deliveries(appId, openid), api.calls(appId, since)]);
      calls = joined(calls, fresh.filter((call) => call.app_id === appId || call.app_id === null));
      since = calls.length > 0 ? toMillis(calls.at(-1).at) : since;
      return { pushes: pushes.filter((push) => push.openid === openid), calls };
    },
  };
}

/** Calls of the newest time may have been read before: they are taken from the fresh list. */
function joined(known, fresh) {
  if (fresh.length === 0) return known;
  const first = toMillis(fresh[0].at);
  return [...known.filter((call) => toMillis(call.at) < first), ...fresh].slice(-1_000);
}

/** Draws the books of the active phone. `all`: also what is not about this follower. */
export function drawBooks({ ledger, pushes, calls, items, openid, all }) {
  replaceIfChanged("books-ledger", [ledger, language(), openid], () => (ledger ? ledgerLines(ledger).flat() : []));
  const ours = calls.filter((call) => all || isAbout(call, openid));
  drawList("books-pushes", pushes.slice(-SHOWN).reverse(), (push) => pushRow(push, items), "books.no_pushes");
  drawList("books-calls", ours.slice(-SHOWN).reverse(), callRow, "books.no_calls");
}

function drawList(id, rows, draw, empty) {
  replaceIfChanged(id, [rows, language()], () => (rows.length > 0 ? rows.map(draw) : [el("li", { class: "books-empty" }, t(empty))]));
}

/** What is open or focused in a list stays so while nothing in it changes. */
function replaceIfChanged(id, state, make) {
  const node = byId(id);
  const print = JSON.stringify(state);
  if (node.print === print) return;
  node.print = print;
  const open = new Set([...node.querySelectorAll("details[open]")].map((one) => one.dataset.key));
  node.replaceChildren(...make());
  for (const one of node.querySelectorAll("details")) one.open = open.has(one.dataset.key);
}

function isAbout(call, openid) {
  return call.openid === openid;
}

function pushRow(push, items) {
  const state = push.acknowledged ? "taken" : push.attempts.length === 0 ? "under_way" : "not_taken";
  return el("li", { class: "book", data: { testid: "phone-push", state } },
    el("span", { class: "book-line" },
      el("strong", {}, pushName(push, items)),
      el("span", { class: `book-state book-${state}` }, t(`books.${state}`))),
    el("ol", { class: "attempts" }, push.attempts.map((attempt, index) => el("li", { data: { outcome: attempt.outcome } }, attemptWords(attempt, index + 1)))));
}

function pushName(push, items) {
  if (push.event) return t("books.event", { event: push.event });
  const item = items.find((one) => one.msg_id === push.msg_id);
  if (!item) return t("books.message");
  return item.type === "text" ? `“${item.text}”` : t("bubble.unsupported", { type: has(`kind.${item.type}`) ? t(`kind.${item.type}`) : item.type });
}

function attemptWords({ http_status: status, outcome, ms }, n) {
  const key = `outcome.${outcome}`;
  const words = has(key) ? t(key) : outcome;
  return t("books.attempt", { n, words: status && outcome !== "accepted" ? `${words} (${status})` : words, ms });
}

function callRow(call) {
  const state = call.errcode === null ? "no_answer" : call.errcode === 0 ? "ok" : "error";
  const head = [
    el("span", { class: "book-line" },
      el("code", {}, call.path.replace(/^\/cgi-bin\//, "")),
      el("span", { class: `book-state book-${state}` }, call.errcode === null ? t("books.no_answer") : String(call.errcode))),
    el("span", { class: "book-words" }, callWords(call)),
  ];
  const body = bodyText(call.body);
  const key = `${call.at} ${call.path}`;
  return el("li", { class: "book", data: { testid: "phone-call", state, errcode: call.errcode ?? "" } },
    body ? el("details", { data: { key } }, el("summary", {}, head), el("pre", { tabindex: "0", "aria-label": t("books.body") }, body)) : head);
}

function callWords(call) {
  const at = new Date(toMillis(call.at)).toLocaleTimeString("en-GB");
  if (call.errcode === null) return `${at} · ${t(call.took_effect ? "books.cut_after" : "books.cut_before")}`;
  return `${at} · ${codeWords({ errcode: call.errcode, errmsg: "" })}`;
}

function bodyText(body) {
  if (body === null || body === undefined || body === "") return "";
  return typeof body === "string" ? body : JSON.stringify(body, null, 2);
}
