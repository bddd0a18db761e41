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
export const renameFollower = (appId, openid, name) => call("PATCH", follower(appId, openid), { name });
export const sendEvent = (appId, openid, event) => call("POST", `${follower(appId, openid)}/events`, { event });

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
