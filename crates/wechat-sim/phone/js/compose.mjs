// The forms that compose what is not written: a place, a link, a mini program. Each answers a message or null.

import { t } from "./i18n.mjs";
import { ask } from "./sheet.mjs";

export async function composeLocation() {
  const answer = await ask({
    title: t("sheet.location_title"),
    submit: t("sheet.send"),
    fields: [
      { name: "label", label: t("sheet.place"), value: t("sheet.place_value"), required: true },
      { name: "location_x", label: t("sheet.latitude"), value: "35.681236", type: "number", step: "any", required: true },
      { name: "location_y", label: t("sheet.longitude"), value: "139.767125", type: "number", step: "any", required: true },
    ],
  });
  if (!answer) return null;
  return { type: "location", label: answer.label, location_x: Number(answer.location_x), location_y: Number(answer.location_y), scale: 16 };
}

export async function composeLink() {
  const answer = await ask({
    title: t("sheet.link_title"),
    submit: t("sheet.send"),
    fields: [
      { name: "title", label: t("sheet.title"), required: true },
      { name: "description", label: t("sheet.description") },
      { name: "url", label: t("sheet.url"), value: "https://", type: "url", required: true },
    ],
  });
  return answer && { type: "link", ...answer };
}

export async function composeMiniProgram() {
  const answer = await ask({
    title: t("sheet.miniprogram_title"),
    submit: t("sheet.send"),
    fields: [
      { name: "title", label: t("sheet.title"), value: t("sheet.miniprogram_value"), required: true },
      { name: "app_id", label: t("sheet.miniprogram_app"), value: "wx0000000000000001", required: true },
      { name: "page_path", label: t("sheet.miniprogram_page"), value: "pages/order/detail?id=1024", required: true },
    ],
  });
  return answer && { type: "miniprogrampage", ...answer };
}
