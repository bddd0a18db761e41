/** Runs the outbox of the agent who is signed in, and gives it to the screens. */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { keys } from "../api/keys";
import { putMessages } from "../api/thread";
import type { Message } from "../api/types";
import { Outbox } from "./outbox";

const Context = createContext<Outbox | null>(null);

function handed(client: QueryClient, message: Message) {
  putMessages(client, message.conversation_id, [message]);
  void client.invalidateQueries({ queryKey: keys.conversation(message.conversation_id) });
}

export function OutboxProvider({ agentId, children }: { agentId: string; children: ReactNode }) {
  const client = useQueryClient();
  const [outbox, setOutbox] = useState<Outbox | null>(null);
  useEffect(() => {
    const box = new Outbox(agentId, (message) => handed(client, message));
    setOutbox(box);
    return () => box.stop();
  }, [agentId, client]);
  if (!outbox) return null;
  return <Context.Provider value={outbox}>{children}</Context.Provider>;
}

export function useOutbox(): Outbox {
  const outbox = useContext(Context);
  if (!outbox) throw new Error("useOutbox is for signed-in screens");
  return outbox;
}
