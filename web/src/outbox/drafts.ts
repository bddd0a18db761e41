/** What an agent is writing, per conversation, in local storage: it survives reload, crash and sign-out. */
import type { Attachment } from "../api/types";
import { randomId } from "../format/random";

export interface DraftAttachment {
  id: string;
  kind: Attachment["kind"];
  name: string;
  bytes: number;
  thumb_id?: string;
  /** Of audio. */
  duration_ms?: number;
  /** Of a file that is handed over by a link: the link, and the text that goes out. */
  link?: { url: string; expires_at: string; reachable: boolean };
  text?: string;
}

export interface Draft {
  text: string;
  mode: "reply" | "note";
  attachments: DraftAttachment[];
  /** The id under which the next message goes; made when writing begins. */
  client_id: string;
}

const keyOf = (agentId: string, conversationId: string) =>
  `kefu.draft.${agentId}.${conversationId}`;

export function emptyDraft(mode: Draft["mode"] = "reply"): Draft {
  return { text: "", mode, attachments: [], client_id: randomId() };
}

export function readDraft(agentId: string, conversationId: string): Draft {
  try {
    const stored = localStorage.getItem(keyOf(agentId, conversationId));
    if (stored) return { ...emptyDraft(), ...(JSON.parse(stored) as Partial<Draft>) };
  } catch {
    // A draft that cannot be read is treated as none; the next key stroke writes a good one.
  }
  return emptyDraft();
}

export function writeDraft(agentId: string, conversationId: string, draft: Draft): void {
  const key = keyOf(agentId, conversationId);
  if (draft.text === "" && draft.attachments.length === 0) localStorage.removeItem(key);
  else localStorage.setItem(key, JSON.stringify(draft));
}
