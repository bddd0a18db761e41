/**
 * Recordings that are not at the desk yet. They exist nowhere else, so they are kept in the browser (IndexedDB) until
 * the desk has them: reload, crash, a lost connection and another conversation do not cost them. What is still being
 * recorded is the recorders' matter.
 */
import { randomId } from "../format/random";

export interface Kept {
  key: string;
  /** Whose composer it belongs to. */
  place: string;
  file: File;
  kept_at: number;
}

const STORE = "recordings";
/** What nobody came back for is given up. */
const LIFE_MS = 7 * 24 * 3_600_000;

export const placeOf = (agentId: string, conversationId: string) => `${agentId}.${conversationId}`;

/** All of this page; what a browser without IndexedDB has to do with. */
const known = new Map<string, Kept>();
const forgotten = new Set<string>();
const watchers = new Set<(place: string) => void>();

/** Keeps a recording and tells the composer it belongs to. */
export function keepRecording(place: string, file: File): void {
  const kept: Kept = { key: randomId(), place, file, kept_at: Date.now() };
  known.set(kept.key, kept);
  void inStore("readwrite", (store) => store.put(kept));
  for (const watcher of watchers) watcher(place);
}

export function forgetRecording(key: string): void {
  known.delete(key);
  forgotten.add(key);
  void inStore("readwrite", (store) => store.delete(key));
}

/** What is kept for a composer by this page. */
export const recordingsOfPage = (place: string): Kept[] => ofPlace([...known.values()], place);

/** What is kept for a composer by this page or one before it, the oldest first. */
export async function keptRecordings(place: string): Promise<Kept[]> {
  const stored = (await inStore("readonly", (store) => store.getAll())) as Kept[] | null;
  for (const one of stored ?? []) {
    if (one.kept_at < Date.now() - LIFE_MS) forgetRecording(one.key);
    else if (!forgotten.has(one.key)) known.set(one.key, one);
  }
  return recordingsOfPage(place);
}

export function watchRecordings(watcher: (place: string) => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

const ofPlace = (all: Kept[], place: string) =>
  all.filter((one) => one.place === place).sort((a, b) => a.kept_at - b.kept_at);

/** The answer of one request, or null where the browser keeps nothing. */
async function inStore(
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => IDBRequest,
): Promise<unknown> {
  try {
    const database = await open();
    try {
      return await answerOf(ask(database.transaction(STORE, mode).objectStore(STORE)));
    } finally {
      database.close();
    }
  } catch {
    return null;
  }
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open("kefu", 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" });
  return answerOf(request);
}

const answerOf = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
