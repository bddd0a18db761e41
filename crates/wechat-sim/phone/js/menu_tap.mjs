// What a tap on the account's menu does, by the type of the button.

import { sendEvent } from "./api.mjs";
import { composeLocation } from "./compose.mjs";
import { t } from "./i18n.mjs";
import { safeUrl } from "./links.mjs";
import { ask } from "./sheet.mjs";
import { toast } from "./toast.mjs";

/** `phone`: `{appId, openid, send(message), pickPicture()}`. */
export async function tapMenu(button, phone) {
  const act = TAPS[button.type];
  if (act) await act(button, phone);
  else toast(t("menu.nothing", { type: button.type ?? "?" }));
}

const TAPS = {
  click: (button, phone) => happen(phone, "CLICK", { event_key: button.key }),
  view,
  miniprogram: async (button, phone) => {
    await happen(phone, "view_miniprogram", { event_key: button.pagepath });
    toast(t("menu.miniprogram", { path: button.pagepath }));
  },
  scancode_push: scanCode,
  scancode_waitmsg: scanCode,
  pic_sysphoto: sendPicture,
  pic_photo_or_album: sendPicture,
  pic_weixin: sendPicture,
  location_select: selectLocation,
};

function happen({ appId, openid }, event, fields) {
  return sendEvent(appId, openid, event, fields);
}

async function view(button, phone) {
  const page = safeUrl(button.url);
  // At once, while the browser still knows that this was a click.
  if (page) open(page, "_blank", "noopener");
  await happen(phone, "VIEW", { event_key: button.url });
}

async function scanCode(button, phone) {
  const answer = await ask({
    title: t("scan.any_title"),
    submit: t("scan.submit"),
    fields: [{ name: "scan_result", label: t("scan.content"), value: "https://example.com/1024", required: true }],
  });
  if (!answer) return;
  await happen(phone, button.type, { event_key: button.key, scan_code_info: { scan_type: "qrcode", scan_result: answer.scan_result } });
}

/** The event comes first, the picture follows as a message of its own. */
async function sendPicture(button, phone) {
  const file = await phone.pickPicture();
  if (!file) return;
  await happen(phone, button.type, { event_key: button.key, send_pics_info: { count: 1, pic_list: [{ pic_md5_sum: "" }] } });
  await phone.send({ type: "image" }, file);
}

async function selectLocation(button, phone) {
  const place = await composeLocation();
  if (!place) return;
  const { type: _, ...fields } = place;
  await happen(phone, "location_select", { event_key: button.key, send_location_info: { ...fields, poiname: "" } });
  await phone.send(place);
}
