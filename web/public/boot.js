// Runs before the first paint, so that neither the theme nor the page language flickers.
// A file of its own because the server's content policy forbids inline scripts.
(() => {
  const root = document.documentElement;
  let scheme = "auto";
  let language = "";
  try {
    scheme = localStorage.getItem("kefu.scheme") || "auto";
    language = localStorage.getItem("kefu.language") || "";
  } catch {
    // Storage may be switched off: the browser's own choices are used.
  }
  const dark =
    scheme === "dark" ||
    (scheme === "auto" && window.matchMedia("(prefers-color-scheme: dark)").matches);
  root.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
  if (language) root.lang = language;
})();
