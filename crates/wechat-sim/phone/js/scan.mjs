// Scanning one of the account's QR codes. Who does not follow yet, follows by it.

import { qrCodes, scan } from "./api.mjs";
import { dayTime, toMillis } from "./clock.mjs";
import { t } from "./i18n.mjs";
import { ask, choose } from "./sheet.mjs";
import { toast } from "./toast.mjs";

const PERMANENT = ["QR_LIMIT_SCENE", "QR_LIMIT_STR_SCENE"];

/** Asks which code, and scans it. */
export async function scanCode({ appId, openid }) {
  const codes = await qrCodes(appId);
  const own = { label: t("scan.own"), hint: t("scan.own_hint"), value: { code: {}, name: t("scan.own") } };
  const other = { label: t("scan.other"), hint: t("scan.other_hint"), value: { other: true } };
  const chosen = await choose({ title: t("scan.title"), options: [own, ...codes.map(option), other] });
  const answer = chosen?.other ? await pasted() : chosen;
  if (!answer) return;
  await scan(appId, openid, answer.code);
  toast(t("scan.done", { name: answer.name }));
}

/** What a code says, typed or pasted instead of photographed. */
async function pasted() {
  const fields = [{ name: "url", label: t("scan.content"), required: true }];
  const given = await ask({ title: t("scan.any_title"), submit: t("scan.submit"), fields });
  return given && { code: { url: given.url }, name: given.url };
}

function option({ ticket, scene, action_name: action, expires_at: until }) {
  const name = t("scan.scene", { scene: String(scene) });
  const lasts = PERMANENT.includes(action) || !until ? t("scan.permanent") : t("scan.until", { time: dayTime(toMillis(until)) });
  return { label: name, hint: lasts, value: { code: { ticket }, name } };
}
