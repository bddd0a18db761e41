// A picture or a video, as large as the window. A click or Escape closes it.

import { byId, el } from "./dom.mjs";
import { t } from "./i18n.mjs";

export function showPicture(url) {
  show(el("img", { src: url, alt: t("bubble.image") }));
}

export function showVideo(url) {
  show(el("video", { src: url, controls: true, autoplay: true, playsinline: true }));
}

function show(content) {
  const viewer = byId("viewer");
  const close = el("button", { type: "button", class: "viewer-close", "aria-label": t("panel.close"), on: { click: () => viewer.close() } }, "×");
  viewer.replaceChildren(content, close);
  viewer.onclick = (event) => {
    if (!(event.target instanceof HTMLVideoElement)) viewer.close();
  };
  viewer.addEventListener("close", () => viewer.replaceChildren(), { once: true });
  viewer.showModal();
}
