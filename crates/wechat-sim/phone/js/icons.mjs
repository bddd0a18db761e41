// Line icons drawn for this page. They are decoration: the control that holds one has its own label.

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  add: "M12 5v14M5 12h14",
  back: "M15 4l-8 8 8 8",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  close: "M6 6l12 12M18 6L6 18",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9 9.6v.01M15 9.6v.01M7.8 13.5a4.3 4.3 0 0 0 8.4 0z",
  plus: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 8v8M8 12h8",
  down: "M12 5v14M6 13l6 6 6-6",
  chat: "M4 5h16v11H10l-4 4v-4H4z",
  picture: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9v.01",
  video: "M4 7h11v10H4zM15 11l5-3v8l-5-3z",
  voice: "M12 4a3 3 0 0 1 3 3v4a3 3 0 0 1-6 0V7a3 3 0 0 1 3-3zM6 11a6 6 0 0 0 12 0M12 17v3",
  location: "M12 21s7-6.1 7-11.5A7 7 0 0 0 5 9.5C5 14.9 12 21 12 21zM12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  link: "M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  music: "M9 18V6l10-2v12M9 18a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0zM19 16a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0z",
  miniprogram: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9 14.5a2 2 0 1 1 1.5-1.9h3A2 2 0 1 1 15 14.5",
  play: "M8 5l11 7-11 7z",
  wave: "M6 12h.01M9.5 8.5a5 5 0 0 1 0 7M13 5.5a9.2 9.2 0 0 1 0 13",
  alert: "M12 7v6M12 16.5v.01",
  keyboard: "M3 7h18v11H3zM7 10.5h.01M11 10.5h.01M15 10.5h.01M7 14.5h10M18 10.5h.01",
  menu: "M5 7h14M5 12h14M5 17h14",
  list: "M9 8h9M9 12h9M9 16h9M5.5 8h.01M5.5 12h.01M5.5 16h.01",
  mic: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.5 12h.01M11 9.8a3.2 3.2 0 0 1 0 4.4M13.4 7.6a6.4 6.4 0 0 1 0 8.8",
  coupon: "M4 7h16v3a2 2 0 0 0 0 4v3H4v-3a2 2 0 0 0 0-4zM14 7v10",
  scan: "M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M4 12h16",
  sticker: "M20 13V5a1 1 0 0 0-1-1H5a1 1 0 0 0-1 1v14a1 1 0 0 0 1 1h8zM13 20v-6a1 1 0 0 1 1-1h6M9 9v.01M15 9v.01M9 12.5a3.5 3.5 0 0 0 2.5 1.4",
  broken: "M13 3l-8 11h6l-1 7 8-11h-6z",
};

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", class: `icon icon-${name}`, "aria-hidden": "true" })) {
    svg.setAttribute(key, value);
  }
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** Draws the icon into every element of `root` that is marked `data-icon`. */
export function drawIcons(root) {
  for (const node of root.querySelectorAll("[data-icon]")) node.replaceChildren(icon(node.dataset.icon));
}
