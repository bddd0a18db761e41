/** Pictures and videos of a thread. Their sizes are known beforehand, so nothing jumps. */
import { lazy, useState } from "react";
import { useTranslation } from "react-i18next";
import { mediaUrl } from "../../api/client";
import type { Media } from "../../api/types";
import { Icon } from "../../components/Icon";
import { OnDemand } from "../../components/OnDemand";
import { Download } from "./Download";

const PictureViewer = lazy(async () => ({
  default: (await import("./PictureViewer")).PictureViewer,
}));

const BOX = { width: 300, height: 320 };

/** The size in the thread: within the box, never larger than the picture. */
export function fit(width: number | null | undefined, height: number | null | undefined) {
  if (!width || !height) return { width: 240, height: 180 };
  const scale = Math.min(1, BOX.width / width, BOX.height / height);
  return {
    width: Math.max(48, Math.round(width * scale)),
    height: Math.max(48, Math.round(height * scale)),
  };
}

export function Picture({ media }: { media: Media }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [broken, setBroken] = useState(false);
  const size = fit(media.width, media.height);
  if (broken) {
    return (
      <div className="bubble">
        <span className="placeholder">
          <Icon name="alert" />
          {t("media.image_failed")} <Download media={media} />
        </span>
      </div>
    );
  }
  return (
    <div className="bubble media">
      <button
        type="button"
        className="picture"
        style={{
          width: size.width,
          maxWidth: "100%",
          aspectRatio: `${size.width} / ${size.height}`,
        }}
        aria-label={t("media.open_image")}
        onClick={() => setOpen(true)}
        data-testid="picture"
      >
        <img
          src={mediaUrl(media.id)}
          alt={t("media.image")}
          loading="lazy"
          onError={() => setBroken(true)}
        />
      </button>
      <OnDemand when={open}>
        <PictureViewer media={media} opened={open} onClose={() => setOpen(false)} />
      </OnDemand>
    </div>
  );
}

export function Video({ media }: { media: Media }) {
  const { t } = useTranslation();
  return (
    <>
      <div className="bubble media">
        {/* biome-ignore lint/a11y/useMediaCaption: customers' videos come without captions */}
        <video
          className="film"
          src={mediaUrl(media.id)}
          controls
          preload="metadata"
          aria-label={t("media.video")}
          data-testid="video"
        />
      </div>
      <Download media={media} />
    </>
  );
}
