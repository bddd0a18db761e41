/** What became of an outgoing message, in words, and the one choice where it is uncertain or failed. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { useMay } from "../../api/directory";
import { keys } from "../../api/keys";
import type { Message, SendFailure } from "../../api/types";
import { copyText } from "../../components/copy";
import { say, sayError } from "../../components/toasts";
import { fullTime, preciseTime } from "../../format/time";
import { messageReason } from "../../i18n/words";
import { isTooLarge, ShrinkAgain } from "./attach/ShrinkAgain";

const tones = { failed: "danger", unknown: "warn" } as const;

function useWords(message: Message): string {
  const { t } = useTranslation();
  const reason = messageReason(message.reason);
  switch (message.state) {
    case "sent":
      return t("state.sent", { time: preciseTime(message.sent_at ?? message.created_at) });
    case "failed":
      return t("state.failed", { reason });
    case "unknown":
      return reason ? t("state.unknown", { reason }) : t("state.unknown.plain");
    case "sending":
      return t(message.data?.submitted ? "state.submitted" : "state.sending");
    default:
      return reason ? t("state.queued_because", { reason }) : t("state.queued");
  }
}

export function MessageState({ message }: { message: Message }) {
  const { t } = useTranslation();
  const words = useWords(message);
  const mayReply = useMay("conversations.reply");
  const open = message.state === "failed" || message.state === "unknown";
  const monthly = message.data?.route === "monthly";
  const tone = open ? tones[message.state as keyof typeof tones] : undefined;
  return (
    <div className="state" data-tone={tone} data-testid="message-state" data-state={message.state}>
      <span title={message.sent_at ? fullTime(message.sent_at) : undefined}>{words}</span>
      {message.state === "unknown" && message.author_id !== null && (
        <span>{t(monthly ? "state.monthly_unknown" : "state.unknown.choice")}</span>
      )}
      {open && (
        <span className="state-actions">
          {mayReply && message.author_id !== null && <SendAgain message={message} />}
          {mayReply && isTooLarge(message) && <ShrinkAgain message={message} />}
          {message.state === "failed" && <CopyDetails message={message} />}
        </span>
      )}
    </div>
  );
}

/** What is copied for a bug report. */
export function details(message: Message): string {
  const said = (message.data?.failure ?? {}) as Partial<SendFailure>;
  return [
    `message: ${message.id}`,
    `reason: ${message.reason ?? "-"}`,
    `wechat code: ${said.code ?? "-"}`,
    `wechat rid: ${said.rid ?? "-"}`,
    `http status: ${said.status ?? "-"}`,
    `detail: ${said.message ?? "-"}`,
  ].join("\n");
}

function CopyDetails({ message }: { message: Message }) {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      onClick={() => void copyText(details(message)).then(() => say(t("action.copied")))}
    >
      {t("action.copy_details")}
    </button>
  );
}

function SendAgain({ message }: { message: Message }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const retry = useMutation({
    mutationFn: () => api.post<Message>(`/messages/${message.id}/retry`),
    onError: (error) => sayError(error, t("action.copy_details")),
    onSettled: () => client.invalidateQueries({ queryKey: keys.messages(message.conversation_id) }),
  });
  return (
    <button
      type="button"
      disabled={retry.isPending}
      onClick={() => retry.mutate()}
      data-testid="send-again"
    >
      {t("state.send_again")}
    </button>
  );
}
