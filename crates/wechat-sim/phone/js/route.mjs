// The address says whose phone this is: `/?account=APPID&follower=OPENID`.

export function readRoute() {
  const query = new URLSearchParams(location.search);
  return { appId: query.get("account"), openid: query.get("follower") };
}

export function href(appId, openid) {
  const query = new URLSearchParams();
  if (appId) query.set("account", appId);
  if (openid) query.set("follower", openid);
  const text = query.toString();
  return text ? `./?${text}` : "./";
}

/** Lets plain clicks on a link stay in the page; new-tab clicks keep the browser's way. */
export function followsInPage(event) {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}
