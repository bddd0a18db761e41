/** The one place that talks to the desk: JSON in and out, failures as `ApiError`. */
import type { Failure } from "./types";

const BASE = "/api/v1";

/** A request without an answer for this long counts as lost; what it asked for may be repeated. */
const ANSWER_MS = 30_000;
const UPLOAD_MS = 300_000;

export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly fields: Record<string, string>;
  readonly requestId: string;
  readonly retryAfter: number | null;
  /** What else belongs to the code. */
  readonly more: Record<string, unknown>;
  /** What the provider said, where the code is about it, such as `wechat_40018`. */
  readonly reason: string | null;

  constructor(init: {
    status: number;
    code: string;
    detail?: string;
    fields?: Record<string, string>;
    requestId?: string;
    retryAfter?: number | null;
    more?: Record<string, unknown>;
    reason?: string | null;
  }) {
    super(`${init.code} (${init.status})`);
    this.name = "ApiError";
    this.status = init.status;
    this.code = init.code;
    this.detail = init.detail ?? "";
    this.fields = init.fields ?? {};
    this.requestId = init.requestId ?? "";
    this.retryAfter = init.retryAfter ?? null;
    this.more = init.more ?? {};
    this.reason = init.reason ?? null;
  }

  /** Nothing reached the desk, or it cannot say now: the same request may be repeated. */
  get temporary(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** Turns whatever was thrown into an `ApiError`, so that screens know one shape. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  return new ApiError({ status: 0, code: "internal_console", detail: String(error) });
}

type Query = Record<string, string | number | boolean | null | undefined>;

interface RequestOptions {
  query?: Query;
  body?: unknown;
  form?: FormData;
  signal?: AbortSignal;
}

function address(path: string, query?: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  }
  const text = search.toString();
  return `${BASE}${path}${text ? `?${text}` : ""}`;
}

let onSignedOut: () => void = () => {};

/** What to do when the desk says that nobody is signed in. */
export function whenSignedOut(action: () => void): void {
  onSignedOut = action;
}

export async function request<T>(
  method: string,
  path: string,
  options: RequestOptions = {},
): Promise<T> {
  const headers: Record<string, string> = { accept: "application/json", "X-Kefu-Request": "1" };
  let body: BodyInit | undefined = options.form;
  if (options.body !== undefined) {
    headers["content-type"] = "application/json";
    body = JSON.stringify(options.body);
  }
  const patience = AbortSignal.timeout(options.form ? UPLOAD_MS : ANSWER_MS);
  const signal = options.signal ? AbortSignal.any([options.signal, patience]) : patience;
  let response: Response;
  try {
    response = await fetch(address(path, options.query), {
      method,
      headers,
      body,
      signal,
      credentials: "same-origin",
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new ApiError({ status: 0, code: "unreachable", detail: String(error) });
  }
  if (response.ok) return readJson<T>(response);
  const failure = await readFailure(response);
  if (failure.status === 401 && path !== "/login") onSignedOut();
  throw failure;
}

async function readJson<T>(response: Response): Promise<T> {
  const text = await response.text();
  return (text ? JSON.parse(text) : null) as T;
}

async function readFailure(response: Response): Promise<ApiError> {
  const requestId = response.headers.get("x-request-id") ?? "";
  const retryAfter = Number(response.headers.get("retry-after")) || null;
  const status = response.status;
  try {
    const { error } = (await response.json()) as { error: Failure };
    return new ApiError({ status, requestId, retryAfter, more: { ...error }, ...error });
  } catch {
    return new ApiError({ status, requestId, retryAfter, code: `http_${status}` });
  }
}

export const api = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal) =>
    request<T>("GET", path, { query, signal }),
  post: <T>(path: string, body: unknown = {}) => request<T>("POST", path, { body }),
  patch: <T>(path: string, body: unknown) => request<T>("PATCH", path, { body }),
  put: <T>(path: string, body: unknown) => request<T>("PUT", path, { body }),
  delete: <T>(path: string) => request<T>("DELETE", path),
  upload: <T>(method: "POST" | "PUT", path: string, file: Blob, name: string) => {
    const form = new FormData();
    form.append("file", file, name);
    return request<T>(method, path, { form });
  },
};

export const mediaUrl = (id: string) => `${BASE}/media/${id}`;
export const eventsUrl = `${BASE}/events`;
