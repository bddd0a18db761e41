/** A voice message: played in place with position, seeking and speed; what no browser plays is a download. */
import { VisuallyHidden } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { mediaUrl } from "../../../api/client";
import type { Media } from "../../../api/types";
import { Icon } from "../../../components/Icon";
import { playLength } from "../../../format/time";
import { Download } from "../Download";
import { nextSpeed, playable, readSpeed, type Source, soundUrl } from "./sound";

export function Voice({ media }: { media: Media }) {
  const source = playable(media);
  return source ? <Player media={media} source={source} /> : <NotPlayable media={media} />;
}

function NotPlayable({ media }: { media: Media }) {
  const { t } = useTranslation();
  return (
    <div className="bubble" data-testid="voice" data-state="not-playable">
      <span className="placeholder">
        <Icon name="mic" />
        {t("voice.not_playable")}
      </span>
      <Downloads media={media} />
    </div>
  );
}

/** The voice as it came, and its 16 kHz variant where WeChat had one: both are kept. */
function Downloads({ media }: { media: Media }) {
  const { t } = useTranslation();
  return (
    <span className="clip-downloads">
      <Download media={media} />
      {media.hd && (
        <a className="download" href={mediaUrl(media.hd.id)} download title={t("action.download")}>
          <Icon name="download" size={14} />
          <VisuallyHidden>{t("action.download")}</VisuallyHidden>
          16 kHz
        </a>
      )}
    </span>
  );
}

type State = "idle" | "loading" | "playing" | "paused" | "failed";

function usePlayer(source: Source, known: number | null) {
  const audio = useRef<HTMLAudioElement>(null);
  const url = useRef<string | null>(null);
  const [state, setState] = useState<State>("idle");
  const [at, setAt] = useState(0);
  const [length, setLength] = useState(known);
  const [speed, setSpeed] = useState(readSpeed);

  useEffect(
    () => () => {
      if (url.current?.startsWith("blob:")) URL.revokeObjectURL(url.current);
    },
    [],
  );

  const start = async () => {
    const element = audio.current;
    if (!element) return;
    try {
      if (!url.current) {
        setState("loading");
        url.current = await soundUrl(source);
        element.src = url.current;
        element.currentTime = at / 1000;
      }
      const chosen = readSpeed();
      setSpeed(chosen);
      element.playbackRate = chosen;
      await element.play();
    } catch {
      // A browser that wants another press first says so by pausing; anything else is a bad file.
      setState(url.current && !element.error ? "paused" : "failed");
    }
  };
  const seek = (milliseconds: number) => {
    setAt(milliseconds);
    if (audio.current && url.current) audio.current.currentTime = milliseconds / 1000;
  };
  const faster = () => {
    const next = nextSpeed(speed);
    setSpeed(next);
    if (audio.current) audio.current.playbackRate = next;
  };
  const element = (
    // biome-ignore lint/a11y/useMediaCaption: customers' recordings come without captions
    <audio
      ref={audio}
      preload="none"
      data-testid="voice-audio"
      onPlay={() => setState("playing")}
      onPause={() => setState((old) => (old === "playing" ? "paused" : old))}
      onTimeUpdate={(event) => setAt(event.currentTarget.currentTime * 1000)}
      onDurationChange={(event) => {
        const { duration } = event.currentTarget;
        if (Number.isFinite(duration)) setLength(duration * 1000);
      }}
      onEnded={() => {
        setState("idle");
        setAt(0);
      }}
      onError={() => setState("failed")}
    />
  );
  const toggle = () => (state === "playing" ? audio.current?.pause() : void start());
  return { element, state, at, length, speed, toggle, seek, faster };
}

function Player({ media, source }: { media: Media; source: Source }) {
  const { t } = useTranslation();
  const player = usePlayer(source, media.duration_ms);
  const { state, at, length } = player;
  const playing = state === "playing";
  const began = playing || at > 0;
  return (
    <>
      <div className="bubble" data-testid="voice" data-state={state}>
        {player.element}
        <span className="clip">
          <button
            type="button"
            className="icon-button"
            aria-label={playing ? t("media.pause") : t("media.play")}
            aria-busy={state === "loading"}
            disabled={state === "loading"}
            onClick={player.toggle}
            data-testid="voice-toggle"
          >
            <Icon name={playing ? "pause" : "play"} />
          </button>
          <input
            type="range"
            className="clip-seek"
            min={0}
            max={length ?? 0}
            step={100}
            value={Math.min(at, length ?? 0)}
            disabled={!length}
            aria-label={t("voice.position")}
            aria-valuetext={`${playLength(at)} / ${playLength(length ?? 0)}`}
            style={{ "--at": `${length ? (Math.min(at, length) / length) * 100 : 0}%` } as object}
            onChange={(event) => player.seek(Number(event.currentTarget.value))}
            data-testid="voice-position"
          />
          <span className="tabular small clip-time" data-testid="voice-time">
            {length === null ? "–:––" : playLength(began ? at : length)}
          </span>
          <button
            type="button"
            className="clip-speed tabular"
            aria-label={t("voice.speed", { speed: player.speed })}
            onClick={player.faster}
            data-testid="voice-speed"
          >
            {player.speed}×
          </button>
        </span>
        {state === "loading" && <VisuallyHidden>{t("voice.loading")}</VisuallyHidden>}
      </div>
      {state === "failed" && (
        <span className="small dim" role="alert">
          {t("media.voice_failed")}
        </span>
      )}
      <Downloads media={media} />
    </>
  );
}
