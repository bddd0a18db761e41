// The menu beside the phone (a drawer where there is no room): whose phone, following, time, language.

import { advance, renameFollower, sendEvent } from "./api.mjs";
import { avatar } from "./avatar.mjs";
import { fullTime, hours, readClock, simNow } from "./clock.mjs";
import { byId } from "./dom.mjs";
import { language, setLanguage, t } from "./i18n.mjs";
import { accountName, followerName, follows } from "./people.mjs";
import { ask } from "./sheet.mjs";
import { reasonOf, toast } from "./toast.mjs";

/** `current()` answers `{account, follower}`; `refresh()` reads the followers anew. Returns `draw()`. */
export function createPanel(current, refresh) {
  const attempt = async (button, work) => {
    button.disabled = true;
    try {
      await work();
    } catch (error) {
      toast(reasonOf(error));
    } finally {
      button.disabled = false;
    }
  };
  const event = async (name) => {
    const { account, follower } = current();
    await sendEvent(account.app_id, follower.openid, name);
    await refresh();
  };

  for (const [id, name] of [["follow", "subscribe"], ["follow-here", "subscribe"], ["unfollow", "unsubscribe"]]) {
    byId(id).addEventListener("click", () => attempt(byId(id), () => event(name)));
  }
  byId("rename").addEventListener("click", () => attempt(byId("rename"), () => rename(current(), refresh)));
  for (const button of byId("jumps").children) {
    button.addEventListener("click", () => attempt(button, () => jump(Number(button.dataset.jump))));
  }
  byId("language").addEventListener("change", (change) => setLanguage(change.target.value));
  drawer();
  setInterval(drawClock, 1_000);

  return () => {
    drawFollower(current());
    drawClock();
    byId("language").value = language();
  };
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

async function rename({ account, follower }, refresh) {
  const answer = await ask({
    title: t("sheet.rename_title"),
    submit: t("sheet.rename_submit"),
    fields: [{ name: "name", label: t("sheet.name"), value: followerName(follower), required: true }],
  });
  if (!answer) return;
  await renameFollower(account.app_id, follower.openid, answer.name);
  await refresh();
}

function drawer() {
  const panel = byId("panel");
  const behind = document.querySelectorAll(".people, .phone");
  let opener = null;
  const show = (open) => {
    panel.classList.toggle("panel-open", open);
    for (const part of behind) part.inert = open;
  };
  const close = () => {
    show(false);
    opener?.focus();
    opener = null;
  };
  for (const button of document.querySelectorAll("[data-open-panel]")) {
    button.addEventListener("click", () => {
      opener = button;
      show(true);
      byId("panel-close").focus();
    });
  }
  byId("panel-close").addEventListener("click", close);
  byId("panel-scrim").addEventListener("click", close);
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  matchMedia("(width >= 1040px)").addEventListener("change", close);
}
