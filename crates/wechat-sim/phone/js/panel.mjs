// The simulator's controls beside the phones (a drawer where there is no room): whose phone, following, time, language.
// They are about the phone that was touched last. The other half of the panel is `books.mjs`.

import { advance, changeFollower, sendEvent } from "./api.mjs";
import { avatar } from "./avatar.mjs";
import { fullTime, hours, readClock, simNow } from "./clock.mjs";
import { byId } from "./dom.mjs";
import { language, setLanguage, t } from "./i18n.mjs";
import { windowWords } from "./ledger.mjs";
import { accountName, followerName, follows } from "./people.mjs";
import { ask } from "./sheet.mjs";
import { toast } from "./toast.mjs";

const CLOSED = 45015;

/** `current()` answers `{account, follower, ledger}`; `act`: `{attempt, refreshPeople}`. Returns `{draw, drawClock}`. */
export function createPanel(current, act) {
  const change = async (work) => {
    await work(current());
    await act.refreshPeople();
  };
  const press = (id, work) => byId(id).addEventListener("click", () => busy(byId(id), () => act.attempt(() => change(work))));

  press("follow", ({ account, follower }) => sendEvent(account.app_id, follower.openid, "subscribe"));
  press("unfollow", ({ account, follower }) => sendEvent(account.app_id, follower.openid, "unsubscribe"));
  press("rename", rename);
  byId("refuse").addEventListener("change", async ({ target }) => {
    // What is drawn meanwhile must not turn the switch back; a change that fails does.
    target.dataset.busy = "true";
    await act.attempt(() => change(({ account, follower }) => changeFollower(account.app_id, follower.openid, { refuses: target.checked })));
    delete target.dataset.busy;
    drawFollower(current());
  });
  for (const button of byId("jumps").children) {
    button.addEventListener("click", () => busy(button, () => act.attempt(async () => {
      await jump(Number(button.dataset.jump));
      await act.refreshPeople();
    })));
  }
  byId("language").addEventListener("change", (chosen) => setLanguage(chosen.target.value));
  const drawTimes = () => {
    drawClock();
    drawWindow(current());
  };
  setInterval(drawTimes, 1_000);

  return {
    draw() {
      drawFollower(current());
      drawTimes();
      byId("language").value = language();
    },
    drawClock,
  };
}

/** A button that is pressed while it works loses the focus: it, or what stands in its place then, gets it back. */
async function busy(button, work) {
  const focused = document.activeElement === button;
  button.disabled = true;
  try {
    await work();
  } finally {
    button.disabled = false;
    const next = button.hidden ? button.parentElement.querySelector("button:not([hidden])") : button;
    if (focused && document.activeElement === document.body) next?.focus();
  }
}

function drawFollower({ account, follower }) {
  byId("panel-follower").hidden = !follower;
  if (!follower) return;
  const following = follows(follower);
  byId("panel-avatar").replaceChildren(avatar(follower.openid, followerName(follower)));
  byId("panel-name").textContent = followerName(follower);
  byId("panel-openid").textContent = follower.openid;
  byId("panel-state").textContent = t(following ? "panel.following" : "panel.not_following", { account: accountName(account) });
  byId("follow").hidden = following;
  byId("unfollow").hidden = !following;
  if (!byId("refuse").dataset.busy) byId("refuse").checked = Boolean(follower.refuses);
}

function drawWindow({ follower, ledger }) {
  byId("panel-window").textContent = follower ? windowWords(ledger) : "";
  const closed = follower && follows(follower) && ledger?.custom_send?.errcode === CLOSED;
  byId("jump-outcome").textContent = closed ? t("jump.closed") : "";
  byId("jump-outcome").hidden = !closed;
}

function drawClock() {
  const now = simNow();
  byId("panel-now").textContent = fullTime(now);
  for (const node of document.querySelectorAll(".status-time")) node.textContent = hours(now);
}

async function jump(seconds) {
  await advance(seconds);
  await readClock();
  drawClock();
  toast(t("jump.done", { time: fullTime(simNow()) }));
}

async function rename({ account, follower }) {
  const answer = await ask({
    title: t("sheet.rename_title"),
    submit: t("sheet.rename_submit"),
    fields: [{ name: "name", label: t("sheet.name"), value: followerName(follower), required: true }],
  });
  if (answer) await changeFollower(account.app_id, follower.openid, { name: answer.name });
}
