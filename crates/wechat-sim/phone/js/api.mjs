// The simulator's control API, `/sim/v1` on this page's own origin.

const BASE = "/sim/v1";

/** A call that failed: `code` is the simulator's stable code, or `network`. */
export class SimError extends Error {
  constructor(code, detail) {
    super(detail || code);
    this.code = code;
    this.detail = detail || code;
  }
}

export const accounts = () => items("/accounts");
export const followers = (appId) => items(`${account(appId)}/followers`);
/** `{items, is_typing}`: what that phone shows. */
export const timeline = (appId, openid) => call("GET", `${follower(appId, openid)}/timeline`);
export const clock = () => call("GET", "/clock");
export const advance = (seconds) => call("POST", "/clock", { advance_seconds: seconds });
export const addFollower = (appId, name) => call("POST", `${account(appId)}/followers`, { name });
/** `changes`: `{name?, refuses?}`. */
export const changeFollower = (appId, openid, changes) => call("PATCH", follower(appId, openid), changes);
export const changeAccount = (appId, changes) => call("PATCH", account(appId), changes);
/** `fields`: what the event carries besides its name. */
export const sendEvent = (appId, openid, event, fields = {}) => call("POST", `${follower(appId, openid)}/events`, { event, ...fields });
/** `code`: `{ticket}`, `{scene}`, or `{}` for the account's own code. */
export const scan = (appId, openid, code) => call("POST", `${follower(appId, openid)}/scan`, code);
export const qrCodes = (appId) => optionalItems(`${account(appId)}/qrcodes`);
/** The menu as this follower sees it: buttons in the shape of menu/create. */
export const menu = (appId, openid) => optionalItems(`${account(appId)}/menu?openid=${encodeURIComponent(openid)}`);
export const ledger = (appId, openid) => call("GET", `${follower(appId, openid)}/ledger`);
export const deliveries = (appId, openid) => items(`${account(appId)}/deliveries?openid=${encodeURIComponent(openid)}`);
/** `since`: milliseconds. */
export const calls = (appId, since) => items(`/calls?app_id=${encodeURIComponent(appId)}&since=${Math.floor(since)}`);
export const faults = () => items("/faults");
export const orderFault = (fault) => call("POST", "/faults", fault);
export const cancelFault = (id) => call("DELETE", `/faults/${encodeURIComponent(id)}`);

/** `message` has a `type` and WeChat's fields; with a `file` it goes as a form. */
export function sendMessage(appId, openid, message, file) {
  const path = `${follower(appId, openid)}/messages`;
  if (!file) return call("POST", path, message);
  const form = new FormData();
  for (const [name, value] of Object.entries(message)) form.append(name, value);
  form.append("file", file, file.name);
  return call("POST", path, form);
}

export const mediaUrl = (mediaId) => `${BASE}/media/${encodeURIComponent(mediaId)}`;
export const eventsUrl = () => `${BASE}/events`;

const account = (appId) => `/accounts/${encodeURIComponent(appId)}`;
const follower = (appId, openid) => `${account(appId)}/followers/${encodeURIComponent(openid)}`;

async function items(path) {
  return (await call("GET", path)).items ?? [];
}

/** A simulator that does not know the list has nothing in it. */
async function optionalItems(path) {
  try {
    return await items(path);
  } catch (error) {
    if (error.code === "path_not_found") return [];
    throw error;
  }
}

async function call(method, path, body) {
  const response = await reach(method, path, body);
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  const error = answer.error ?? {};
  throw new SimError(error.code ?? fallbackCode(response.status), error.detail);
}

async function reach(method, path, body) {
  const form = body instanceof FormData;
  const headers = body && !form ? { "content-type": "application/json" } : {};
  try {
    return await fetch(BASE + path, { method, headers, cache: "no-store", body: body && !form ? JSON.stringify(body) : body });
  } catch {
    throw new SimError("network");
  }
}

function fallbackCode(status) {
  return status === 413 ? "too_large" : `http_${status}`;
}
