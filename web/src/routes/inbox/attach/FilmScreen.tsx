/** The picture in the recorder's dialog: the camera's while it is open, then what was filmed. */
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../../../components/Icon";
import type { FilmState } from "./useFilming";

/** Of the same size in every step. */
export function FilmScreen({ state }: { state: FilmState }) {
  const { t } = useTranslation();
  const stream = state.step === "ready" || state.step === "filming" ? state.camera.stream : null;
  return (
    <div className="film-screen">
      {state.step === "asking" && <p role="status">{t("film.asking")}</p>}
      {state.step === "problem" && <Icon name="camera" size={40} />}
      {stream && <Live stream={stream} />}
      {state.step === "review" && <Playback file={state.filmed.file} />}
      {state.step === "filming" && (
        <span className="film-mark">
          <span className="record-dot" aria-hidden="true" /> {t("film.recording")}
        </span>
      )}
    </div>
  );
}

function Live({ stream }: { stream: MediaStream }) {
  const { t } = useTranslation();
  return (
    <video
      ref={(element) => {
        if (element && element.srcObject !== stream) element.srcObject = stream;
      }}
      aria-label={t("film.preview")}
      data-testid="film-preview"
      autoPlay
      muted
      playsInline
    />
  );
}

function Playback({ file }: { file: File }) {
  const { t } = useTranslation();
  const [url, setUrl] = useState("");
  useEffect(() => {
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return (
    // biome-ignore lint/a11y/useMediaCaption: it is the agent's own recording
    <video
      src={url || undefined}
      aria-label={t("film.result")}
      data-testid="film-playback"
      controls
      playsInline
    />
  );
}
