// Message kinds drawn as cards: location, link, news, music, file, mini program, menu, template, coupon.

import { mediaUrl } from "./api.mjs";
import { el } from "./dom.mjs";
import { icon } from "./icons.mjs";
import { t } from "./i18n.mjs";
import { hostOf, safeUrl } from "./links.mjs";

/** The card of an item, or null when this kind is no card. `url`: the file itself; `onMenuPick(id, content)` answers a menu. */
export function card({ type, text, data }, { url, onMenuPick }) {
  const make = CARDS[type];
  return make ? make(data ?? {}, { url, text, onMenuPick }) : null;
}

const CARDS = {
  location: locationCard,
  link: (data) => linkCard(data, data.url, "link"),
  news: newsCard,
  music: (data) => smallCard("music", data.title, data.description, data.musicurl ?? data.music_url),
  file: (data, { url }) => smallCard("file", data.title, fileSize(data.file_total_len), url),
  miniprogrampage: miniProgramCard,
  msgmenu: menuCard,
  template: templateCard,
  subscription: templateCard,
  wxcard: (data) => smallCard("coupon", data.title, data.card_id, null),
};

function locationCard(data) {
  const where = `${data.location_x ?? "?"}, ${data.location_y ?? "?"}`;
  return el("div", { class: "bubble card card-location" },
    el("span", { class: "card-title" }, data.label || t("bubble.location")),
    el("span", { class: "card-text" }, where),
    el("span", { class: "card-map", "aria-hidden": "true" }, icon("location")));
}

function linkCard(data, url, name) {
  return shell(url, "card-link",
    el("span", { class: "card-title" }, data.title || url || t("bubble.link")),
    el("span", { class: "card-row" },
      el("span", { class: "card-text" }, data.description || hostOf(url)),
      cover(data.picurl ?? data.pic_url) ?? el("span", { class: "card-icon" }, icon(name))));
}

function newsCard(data) {
  const articles = data.articles ?? [data];
  return el("div", { class: "cards" }, articles.map((article) => linkCard(article, article.url, "link")));
}

function smallCard(name, title, text, url) {
  return shell(url, "card-small",
    el("span", { class: "card-row" },
      el("span", { class: "card-lines" },
        el("span", { class: "card-title" }, title || t(`bubble.${name}`)),
        text ? el("span", { class: "card-text" }, text) : null),
      el("span", { class: "card-icon" }, icon(name))));
}

function miniProgramCard(data) {
  const thumb = data.thumb_media_id ? mediaUrl(data.thumb_media_id) : null;
  return el("div", { class: "bubble card card-mini" },
    el("span", { class: "card-title" }, data.title || t("bubble.miniprogram")),
    el("span", { class: "card-thumb" }, cover(thumb) ?? icon("miniprogram")),
    el("span", { class: "card-foot" }, icon("miniprogram"), t("bubble.miniprogram")));
}

/** A notice with its fields one below the other, as WeChat shows templates. */
function templateCard(data, { text }) {
  const fields = Object.entries(data.data ?? data).filter(([, value]) => value?.value !== undefined);
  return shell(data.url, "card-template",
    el("span", { class: "card-title" }, text || t("bubble.template")),
    fields.map(([name, { value }]) => el("span", { class: "card-field" }, el("span", {}, name), el("span", {}, String(value)))));
}

function menuCard(data, { onMenuPick }) {
  const choice = ({ id, content }) => el("button", {
    type: "button",
    class: "menu-choice",
    "aria-label": t("bubble.menu_pick", { text: content }),
    on: { click: () => onMenuPick(id, content) },
  }, content);
  return el("div", { class: "bubble menu" },
    data.head_content ? el("p", {}, data.head_content) : null,
    (data.list ?? []).map(choice),
    data.tail_content ? el("p", {}, data.tail_content) : null);
}

function shell(url, kind, ...children) {
  const safe = safeUrl(url);
  if (!safe) return el("div", { class: `bubble card ${kind}` }, ...children);
  return el("a", { class: `bubble card ${kind}`, href: safe, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

function cover(url) {
  const safe = safeUrl(url);
  if (!safe) return null;
  const image = el("img", { class: "card-cover", src: safe, alt: "", width: 48, height: 48, loading: "lazy", referrerpolicy: "no-referrer" });
  image.addEventListener("error", () => image.replaceWith(el("span", { class: "card-icon" }, icon("picture"))));
  return image;
}

function fileSize(bytes) {
  const size = Number(bytes);
  if (!(size > 0)) return "";
  return size < 1_048_576 ? `${Math.ceil(size / 1024)} KB` : `${(size / 1_048_576).toFixed(1)} MB`;
}
