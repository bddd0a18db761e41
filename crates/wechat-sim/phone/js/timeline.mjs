// Draws the timeline. Only what changed is touched, and the reader is never scrolled away.

import { bubble } from "./bubble.mjs";
import { fullTime, needsStamp, stamp, toMillis } from "./clock.mjs";
import { el, part } from "./dom.mjs";
import { language } from "./i18n.mjs";

const PAGE = 200;
/** So close to the end counts as being there. */
const NEAR_END = 80;
/** More new lines than this at once are not read out. */
const READ_ALOUD = 10;

/** The timeline in `root`: `draw(items, look)` shows the messages; `reset()` forgets them for another follower. */
export function createTimeline(root) {
  const scroller = part(root, "scroller");
  const list = part(root, "timeline");
  const earlier = part(root, "earlier");
  const newBelow = part(root, "new-below");
  let nodes = new Map();
  let limit = PAGE;
  let last = null;
  let pinned = true;

  const atEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END;
  const toEnd = () => {
    pinned = true;
    newBelow.hidden = true;
    scroller.scrollTop = scroller.scrollHeight;
  };
  const stay = () => {
    if (pinned) toEnd();
  };

  scroller.addEventListener("scroll", () => {
    pinned = atEnd();
    if (pinned) newBelow.hidden = true;
  });
  // A panel that opens or a picture of unknown size must not hide the last message.
  const watcher = new ResizeObserver(stay);
  watcher.observe(scroller);
  watcher.observe(list);
  newBelow.addEventListener("click", toEnd);
  earlier.addEventListener("click", () => {
    const fromEnd = scroller.scrollHeight - scroller.scrollTop;
    limit += PAGE;
    draw(last.items, last.look);
    scroller.scrollTop = scroller.scrollHeight - fromEnd;
  });

  function draw(items, look) {
    const grown = last !== null && items.length > last.items.length;
    const mine = items.at(-1)?.direction === "sent";
    // What someone reads far up is not pushed out by what arrives below.
    if (grown && !pinned) limit += items.length - last.items.length;
    last = { items, look };
    earlier.hidden = items.length <= limit;
    place(lines(items.slice(-limit), look));
    if (pinned || (grown && mine && items.at(-1).state === "sending")) toEnd();
    else if (grown) newBelow.hidden = false;
  }

  function place(wanted) {
    const before = nodes;
    nodes = new Map();
    const fresh = wanted.filter((line) => before.get(line.key)?.print !== line.print).length;
    list.setAttribute("aria-live", fresh > READ_ALOUD ? "off" : "polite");
    let cursor = list.firstChild;
    for (const line of wanted) {
      const old = before.get(line.key);
      const node = old?.print === line.print ? old.node : line.make();
      nodes.set(line.key, { node, print: line.print });
      if (node === cursor) cursor = cursor.nextSibling;
      else list.insertBefore(node, cursor);
    }
    const kept = new Set([...nodes.values()].map(({ node }) => node));
    for (const node of [...list.children]) if (!kept.has(node)) node.remove();
  }

  return {
    draw,
    toEnd,
    reset() {
      nodes = new Map();
      limit = PAGE;
      last = null;
      pinned = true;
      newBelow.hidden = true;
      list.replaceChildren();
    },
  };
}

function lines(items, look) {
  const lastSent = items.findLastIndex((item) => item.direction === "sent");
  const wanted = [];
  let previous = null;
  items.forEach((item, index) => {
    const at = toMillis(item.at);
    if (needsStamp(previous, at)) wanted.push(stampLine(item, at));
    previous = at;
    wanted.push(messageLine(item, { ...look, showState: index === lastSent || item.state !== "delivered" }));
  });
  return wanted;
}

function stampLine(item, at) {
  const text = stamp(at);
  const make = () => el("li", { class: "stamp" }, el("time", { datetime: new Date(at).toISOString(), title: fullTime(at) }, text));
  return { key: `at-${item.id}`, print: `${text} ${language()}`, make };
}

function messageLine(item, look) {
  const { account, follower, showState } = look;
  const print = JSON.stringify([item, account, follower, showState, language()]);
  return { key: item.id, print, make: () => bubble(item, look) };
}
