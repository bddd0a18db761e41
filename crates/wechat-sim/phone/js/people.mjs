// The list of accounts and followers: whose phone is it?

import { avatar } from "./avatar.mjs";
import { shortStamp, toMillis, today } from "./clock.mjs";
import { byId, el } from "./dom.mjs";
import { has, t } from "./i18n.mjs";
import { followsInPage, href } from "./route.mjs";

/** An account carries no name on the control API unless it was given one. */
export function accountName(account) {
  return account?.name || account?.original_id || account?.app_id || "";
}

export function followerName(follower) {
  return follower?.name || follower?.openid || "";
}

/** Someone whose state is not told follows: that is how followers are made. */
export function follows(follower) {
  return follower?.subscribed !== false;
}

/** `go(appId, openid)` opens a phone, `isOpen(openid)` says whose phones stand there. The returned `draw(state)` shows the lists. */
export function createPeople({ go, isOpen }) {
  byId("account-select").addEventListener("change", (event) => go(event.target.value, null));
  let drawn = null;
  return (state) => {
    const open = state.followers.map((one) => isOpen(one.openid));
    const print = JSON.stringify([state.ready, state.accounts, state.account, state.wantedAppId, state.followers, open, today(), [...state.news], t("people.title")]);
    if (print === drawn) return;
    drawn = print;
    drawAccounts(state);
    byId("people-list").replaceChildren(...state.followers.map((follower, index) => row(follower, { ...state, isOpen: open[index] }, go)));
    byId("people-note").textContent = note(state);
    byId("add-follower").disabled = !state.account;
  };
}

function drawAccounts({ accounts, account }) {
  byId("account-pick").hidden = accounts.length < 2 && Boolean(account);
  const none = account ? [] : [el("option", { value: "" }, t("people.choose_account"))];
  const options = accounts.map((one) => el("option", { value: one.app_id }, accountName(one)));
  const select = byId("account-select");
  select.replaceChildren(...none, ...options);
  select.value = account?.app_id ?? "";
  if (accounts.length === 0) byId("account-pick").hidden = true;
}

function row(follower, { account, isOpen, news }, go) {
  const fresh = news.has(follower.openid);
  const open = (event) => {
    if (!followsInPage(event)) return;
    event.preventDefault();
    go(account.app_id, follower.openid);
  };
  return el("li", {},
    el("a", {
      class: "person",
      href: href(account.app_id, [follower.openid]),
      "aria-current": isOpen ? "page" : null,
      data: { testid: "phone-follower", openid: follower.openid },
      on: { click: open },
    },
    avatar(follower.openid, followerName(follower)),
    el("span", { class: "person-text" },
      el("span", { class: "person-line" },
        el("span", { class: "person-name" }, followerName(follower)),
        el("span", { class: "person-time" }, lastTime(follower))),
      el("span", { class: "person-state" }, lastWords(follower, isOpen))),
    fresh ? el("span", { class: "person-news", role: "img", "aria-label": t("people.news") }) : null));
}

function lastTime({ last_item: item }) {
  return item ? shortStamp(toMillis(item.at)) : "";
}

/** What a list row says under the name: the last line of that phone, unless it is the one in view. */
function lastWords(follower, isOpen) {
  if (!follows(follower)) return t("people.not_following");
  const item = follower.last_item;
  if (!item || isOpen) return t("people.following");
  const kind = `kind.${item.type}`;
  return has(kind) ? t("bubble.unsupported", { type: t(kind) }) : item.text;
}

function note({ ready, accounts, account, followers, wantedAppId }) {
  if (!ready) return t("people.loading");
  if (!account && wantedAppId) return t("people.unknown_account", { app_id: wantedAppId });
  if (accounts.length === 0) return t("people.no_account");
  return account && followers.length === 0 ? t("people.empty") : "";
}
