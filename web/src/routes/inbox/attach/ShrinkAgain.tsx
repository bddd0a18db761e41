/** For a picture that WeChat found too large: made smaller and sent as a new message, on one click. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, asApiError, mediaUrl } from "../../../api/client";
import type { Attachment, Media, Message } from "../../../api/types";
import { say, sayError } from "../../../components/toasts";
import { bytes } from "../../../format/time";
import { useOutbox } from "../../../outbox/OutboxProvider";

/** WeChat's numbers for a picture, or a file, that is too large: its limits are lower for some accounts. */
const TOO_LARGE = ["wechat_40006", "wechat_40009", "wechat_45001"];

export const isTooLarge = ({ kind, state, reason }: Message) =>
  kind === "image" && state === "failed" && reason !== null && TOO_LARGE.includes(reason);

async function fileOf(media: Media): Promise<File> {
  const answer = await fetch(mediaUrl(media.id), { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`the file was answered with ${answer.status}`);
  return new File([await answer.blob()], media.file_name || "picture.jpg");
}

export function ShrinkAgain({ message }: { message: Message }) {
  const { t } = useTranslation();
  const outbox = useOutbox();
  const [busy, setBusy] = useState(false);
  const { media } = message;
  if (!media) return null;
  const send = async () => {
    setBusy(true);
    try {
      const { shrink } = await import("./shrink");
      const { file, before, after } = await shrink(await fileOf(media));
      const made = await api.upload<Attachment>("POST", "/attachments", file, file.name);
      outbox.add([
        {
          // Pressed twice, it is still one message.
          client_id: `shrunk-${message.id}`,
          conversation_id: message.conversation_id,
          created_at: new Date().toISOString(),
          kind: "image",
          attachment_id: made.id,
        },
      ]);
      say(t("attach.shrunk_again", { before: bytes(before.bytes), after: bytes(after.bytes) }));
    } catch (error) {
      setBusy(false);
      sayError(asApiError(error), t("action.copy_details"));
    }
  };
  return (
    <button type="button" disabled={busy} onClick={() => void send()} data-testid="shrink-again">
      {t("attach.shrink_again")}
    </button>
  );
}
