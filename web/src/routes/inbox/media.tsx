/** Pictures, voice and video of a thread. Their sizes are known beforehand, so nothing jumps. */
import { lazy, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { mediaUrl } from "../../api/client";
import type { Media } from "../../api/types";
import { Icon } from "../../components/Icon";
import { OnDemand } from "../../components/OnDemand";
import { playLength } from "../../format/time";
import { loadAmr, type Player } from "./amr";
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

const isAmr = (media: Media) => /amr/i.test(media.mime ?? "");

/** Anything that plays: the browser itself for mp3, a decoder loaded on demand for AMR. */
function openSound(media: Media): Promise<Player> {
  if (isAmr(media)) return loadAmr(mediaUrl(media.id));
  const audio = new Audio(mediaUrl(media.id));
  return new Promise((resolve, reject) => {
    audio.onloadedmetadata = () =>
      resolve({
        seconds: audio.duration,
        at: () => audio.currentTime,
        play: () => void audio.play(),
        pause: () => audio.pause(),
        stop: () => audio.pause(),
        onEnded: (action) => audio.addEventListener("ended", action),
      });
    audio.onerror = () => reject(new Error("the sound cannot be read"));
  });
}

type VoiceState = "idle" | "loading" | "playing" | "paused" | "failed";

export function Voice({ media }: { media: Media }) {
  const { t } = useTranslation();
  const player = useRef<Player | null>(null);
  const [state, setState] = useState<VoiceState>("idle");
  const [at, setAt] = useState(0);
  const length = media.duration_ms ?? (player.current ? player.current.seconds * 1000 : null);

  useEffect(() => () => player.current?.stop(), []);
  useEffect(() => {
    if (state !== "playing") return;
    const timer = setInterval(() => setAt((player.current?.at() ?? 0) * 1000), 100);
    return () => clearInterval(timer);
  }, [state]);

  const start = async () => {
    if (player.current) {
      player.current.play();
      return setState("playing");
    }
    setState("loading");
    try {
      const opened = await openSound(media);
      opened.onEnded(() => {
        setState("idle");
        setAt(0);
        if (isAmr(media)) player.current = null;
      });
      player.current = opened;
      opened.play();
      setState("playing");
    } catch {
      setState("failed");
    }
  };
  const toggle = () => {
    if (state !== "playing") return void start();
    player.current?.pause();
    setState("paused");
  };
  const playing = state === "playing";
  return (
    <>
      <div className="bubble" data-testid="voice" data-state={state}>
        <span className="clip">
          <button
            type="button"
            className="icon-button"
            aria-label={playing ? t("media.pause") : t("media.play")}
            disabled={state === "loading"}
            onClick={toggle}
          >
            <Icon name={playing ? "pause" : "play"} />
          </button>
          <span className="clip-track">
            <i style={{ width: length ? `${Math.min(100, (at / length) * 100)}%` : 0 }} />
          </span>
          <span className="tabular small">{length ? playLength(playing ? at : length) : ""}</span>
          <Download media={media} />
        </span>
      </div>
      {state === "failed" && <span className="small dim">{t("media.voice_failed")}</span>}
    </>
  );
}
