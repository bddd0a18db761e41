/** Reads one `text/event-stream` answer. By `fetch`, so that a new reader can name the last id it has seen. */

export interface SseEvent {
  id: string | null;
  event: string;
  data: string;
}

/** Cuts a growing text into events; feed it pieces as they arrive. */
export function sseParser(onEvent: (event: SseEvent) => void): (piece: string) => void {
  let rest = "";
  let id: string | null = null;
  let event = "message";
  let data: string[] = [];

  const line = (text: string) => {
    if (text === "") {
      if (data.length > 0) onEvent({ id, event, data: data.join("\n") });
      event = "message";
      data = [];
      return;
    }
    const colon = text.indexOf(":");
    if (colon === 0) return;
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? "" : text.slice(colon + 1).replace(/^ /, "");
    if (field === "data") data.push(value);
    else if (field === "event") event = value;
    else if (field === "id") id = value;
  };

  return (piece) => {
    const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? "";
    for (const text of lines) line(text);
  };
}

/** Follows the stream until it ends, fails or stays silent; resolves with the answer's status. */
export async function readEvents(
  url: string,
  lastId: string | null,
  signal: AbortSignal,
  onEvent: (event: SseEvent) => void,
  onOpen: () => void,
  silenceMs = 45_000,
): Promise<number> {
  const headers: Record<string, string> = { accept: "text/event-stream" };
  if (lastId) headers["Last-Event-ID"] = lastId;
  const silence = new AbortController();
  let watchdog = setTimeout(() => silence.abort(), silenceMs);
  try {
    const response = await fetch(url, {
      headers,
      cache: "no-store",
      credentials: "same-origin",
      signal: AbortSignal.any([signal, silence.signal]),
    });
    if (!response.ok || !response.body) return response.status;
    onOpen();
    const feed = sseParser(onEvent);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return response.status;
      clearTimeout(watchdog);
      watchdog = setTimeout(() => silence.abort(), silenceMs);
      feed(value);
    }
  } finally {
    clearTimeout(watchdog);
  }
}
