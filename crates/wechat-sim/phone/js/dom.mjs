// Makes and finds elements. Strings always become text nodes, so a hostile message stays text.

/** `el("a", {class: "x", href: "/", on: {click}}, "text", node, null)` */
export function el(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function byId(id) {
  return document.getElementById(id);
}

/** The part of `root` that its template calls `name`. */
export function part(root, name) {
  return root.querySelector(`[data-part="${name}"]`);
}

/** A new copy of the one element in a template. */
export function fromTemplate(id) {
  return byId(id).content.firstElementChild.cloneNode(true);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") listen(node, value);
    else if (name === "data") Object.assign(node.dataset, value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

function listen(node, handlers) {
  for (const [event, handler] of Object.entries(handlers)) node.addEventListener(event, handler);
}
