/** The content of one message. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Message } from "../../api/types";
import { Icon, type IconName } from "../../components/Icon";
import { messageReason } from "../../i18n/words";
import { AskAgain, type AskedFor } from "./AskAgain";
import { SurveyItems } from "./AutomationMark";
import {
  FileCard,
  LinkCard,
  LocationCard,
  MiniProgramCard,
  StickerCard,
  UnknownCard,
} from "./cards";
import { FaceText } from "./FaceText";
import { LinkedFile } from "./LinkedFile";
import { Picture, Video } from "./media";
import { Voice } from "./voice/Voice";

const LONG = 1200;

export function Bubble({ message }: { message: Message }) {
  switch (message.kind) {
    case "text":
      return (
        <div className="bubble" dir="auto" data-testid="bubble">
          <LongText text={message.text ?? ""} />
          <SurveyItems message={message} />
          {message.media?.link && <LinkedFile media={message.media} link={message.media.link} />}
        </div>
      );
    case "image":
    case "voice":
    case "video":
      return <MediaBubble message={message} />;
    case "location":
      return <LocationCard message={message} />;
    case "link":
      return <LinkCard message={message} />;
    case "file":
      return <FileCard message={message} />;
    case "miniprogram":
      return <MiniProgramCard message={message} />;
    case "sticker":
      return <StickerCard />;
    default:
      return <UnknownCard message={message} />;
  }
}

function LongText({ text }: { text: string }) {
  const { t } = useTranslation();
  const [whole, setWhole] = useState(text.length <= LONG);
  if (whole) return <FaceText text={text} />;
  return (
    <>
      <FaceText text={text.slice(0, LONG)} />…
      <button type="button" className="more-text" onClick={() => setWhole(true)}>
        {t("thread.show_all")}
      </button>
    </>
  );
}

/** `ask`: what arrived from a customer cannot be had, and can be asked for. */
function Placeholder({ icon, text, ask }: { icon: IconName; text: string; ask?: AskedFor }) {
  return (
    <div className="bubble card-bubble" data-testid="placeholder">
      <span className="placeholder">
        <Icon name={icon} />
        {text}
      </span>
      {ask && <AskAgain what={ask} />}
    </div>
  );
}

const parts = { image: Picture, voice: Voice, video: Video };

function MediaBubble({ message }: { message: Message }) {
  const { t } = useTranslation();
  const { media } = message;
  const kind = message.kind as keyof typeof parts;
  const label = t(`media.${kind}`);
  // An automatic answer sends a file that only WeChat holds.
  if (!media && message.text) return <Placeholder icon="file" text={`${label}: ${message.text}`} />;
  if (!media) return <Placeholder icon="alert" text={label} />;
  if (media.state === "pending") {
    return <Placeholder icon="clock" text={`${label} · ${t("media.pending")}`} />;
  }
  const inbound = message.direction === "in";
  if (media.state === "expired") {
    const ask = inbound ? "media" : undefined;
    return <Placeholder icon="alert" text={`${label} · ${t("media.expired")}`} ask={ask} />;
  }
  if (media.state === "failed") {
    const large = media.reason === "too_large";
    const reason = large ? t("bubble.too_large") : messageReason(media.reason ?? null);
    const text = large ? reason : t("media.failed", { reason });
    const ask = large ? "too_large" : "media";
    return <Placeholder icon="alert" text={`${label} · ${text}`} ask={inbound ? ask : undefined} />;
  }
  const Part = parts[kind];
  return <Part media={media} />;
}
