// The address says whose phones these are: `/?account=APPID&follower=OPENID`, with a `follower` for each phone side by side.

/** More than this nobody can watch at once. */
export const MOST_PHONES = 3;

export function readRoute() {
  const query = new URLSearchParams(location.search);
  const openids = [...new Set(query.getAll("follower").filter(Boolean))];
  return { appId: query.get("account"), openids: openids.slice(0, MOST_PHONES) };
}

export function href(appId, openids = []) {
  const query = new URLSearchParams();
  if (appId) query.set("account", appId);
  for (const openid of openids) query.append("follower", openid);
  const text = query.toString();
  return text ? `./?${text}` : "./";
}

/** Lets plain clicks on a link stay in the page; new-tab clicks keep the browser's way. */
export function followsInPage(event) {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}
