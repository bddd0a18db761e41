/** The content of one message. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Message } from "../../api/types";
import { Icon, type IconName } from "../../components/Icon";
import { messageReason } from "../../i18n/words";
import { LinkedFile } from "./LinkedFile";
import { Picture, Video } from "./media";
import { Voice } from "./voice/Voice";

const LONG = 1200;

export function Bubble({ message }: { message: Message }) {
  const { t } = useTranslation();
  switch (message.kind) {
    case "text":
      return (
        <div className="bubble" data-testid="bubble">
          <LongText text={message.text ?? ""} />
          {message.media?.link && <LinkedFile media={message.media} link={message.media.link} />}
        </div>
      );
    case "image":
    case "voice":
    case "video":
      return <MediaBubble message={message} />;
    case "location":
      return <Location message={message} />;
    case "link":
      return <LinkCard message={message} />;
    case "file":
      return <Placeholder icon="file" text={`${t("media.file")}: ${message.text ?? ""}`} />;
    case "miniprogram":
      return <Placeholder icon="link" text={`${t("media.miniprogram")}: ${message.text ?? ""}`} />;
    case "sticker":
      return <Placeholder icon="chat" text={t("media.sticker")} />;
    default:
      return <Placeholder icon="alert" text={message.text || t("media.unsupported")} />;
  }
}

function LongText({ text }: { text: string }) {
  const { t } = useTranslation();
  const [whole, setWhole] = useState(text.length <= LONG);
  if (whole) return text;
  return (
    <>
      {text.slice(0, LONG)}…
      <button type="button" className="more-text" onClick={() => setWhole(true)}>
        {t("thread.show_all")}
      </button>
    </>
  );
}

function Placeholder({ icon, text }: { icon: IconName; text: string }) {
  return (
    <div className="bubble">
      <span className="placeholder">
        <Icon name={icon} />
        {text}
      </span>
    </div>
  );
}

const parts = { image: Picture, voice: Voice, video: Video };

function MediaBubble({ message }: { message: Message }) {
  const { t } = useTranslation();
  const { media } = message;
  const kind = message.kind as keyof typeof parts;
  const label = t(`media.${kind}`);
  if (!media) return <Placeholder icon="alert" text={label} />;
  if (media.state === "pending") {
    return <Placeholder icon="clock" text={`${label} · ${t("media.pending")}`} />;
  }
  if (media.state === "expired") {
    return <Placeholder icon="alert" text={`${label} · ${t("media.expired")}`} />;
  }
  if (media.state === "failed") {
    const reason = messageReason(media.reason ?? null);
    return <Placeholder icon="alert" text={`${label} · ${t("media.failed", { reason })}`} />;
  }
  const Part = parts[kind];
  return <Part media={media} />;
}

function Location({ message }: { message: Message }) {
  const { t } = useTranslation();
  const data = (message.data ?? {}) as { latitude?: number; longitude?: number; label?: string };
  const place = message.text || data.label || `${data.latitude ?? ""}, ${data.longitude ?? ""}`;
  return (
    <div className="bubble">
      <span className="placeholder">
        <Icon name="pin" />
        {t("media.location")}
      </span>
      {place}
    </div>
  );
}

function LinkCard({ message }: { message: Message }) {
  const data = (message.data ?? {}) as { url?: string; title?: string; description?: string };
  const safe = /^https?:\/\//i.test(data.url ?? "") ? data.url : undefined;
  return (
    <div className="bubble">
      {safe ? (
        <a href={safe} target="_blank" rel="noreferrer noopener">
          {data.title || message.text || safe}
        </a>
      ) : (
        data.title || message.text
      )}
      {data.description && <div className="dim">{data.description}</div>}
    </div>
  );
}
