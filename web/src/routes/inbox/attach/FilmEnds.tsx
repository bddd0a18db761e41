/** What stands below the picture in each step of filming: words, and what can be done. */
import { Button, NativeSelect } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../../../components/Icon";
import { bytes, playLength } from "../../../format/time";
import type { Camera, Filming } from "./camera";
import type { Problem } from "./devices";
import type { Filmed } from "./useFilming";
import { limitReached, VIDEO_LIMIT_MS, VIDEO_MAX_BYTES, VIDEO_WARN_MS } from "./videoType";

interface ProblemProps {
  problem: Problem;
  onAgain: () => void;
  onClose: () => void;
}

export function ProblemEnd({ problem, onAgain, onClose }: ProblemProps) {
  const { t } = useTranslation();
  const final = problem === "insecure" || problem === "unsupported";
  return (
    <>
      <p className="film-words" role="alert" data-testid="film-problem">
        {t(`film.problem.${problem}`)}
      </p>
      <div className="film-end">
        <Button variant="default" onClick={onClose}>
          {t("action.close")}
        </Button>
        {!final && (
          <Button onClick={onAgain} autoFocus>
            {t("film.again")}
          </Button>
        )}
      </div>
    </>
  );
}

/** What the customer's phone may not do with it. */
function Doubts({ camera }: { camera: Camera }) {
  const { t } = useTranslation();
  return (
    <>
      {!camera.hasSound && <p className="film-words film-warn">{t("film.soundless")}</p>}
      {!camera.type.sure && (
        <p className="film-words film-warn" data-testid="film-unsure">
          <Icon name="alert" size={14} /> {t("film.unsure")}
        </p>
      )}
    </>
  );
}

interface ReadyProps {
  camera: Camera;
  onChoose: (id: string) => void;
  onBegin: () => void;
}

export function ReadyEnd({ camera, onChoose, onBegin }: ReadyProps) {
  const { t } = useTranslation();
  return (
    <>
      <p className="film-words">{t("film.limits")}</p>
      <Doubts camera={camera} />
      <div className="film-end">
        {camera.all.length > 1 && (
          <NativeSelect
            className="film-cameras"
            aria-label={t("film.camera")}
            value={camera.id}
            data={camera.all.map(({ deviceId, label }, index) => ({
              value: deviceId,
              label: label || t("film.camera_number", { number: index + 1 }),
            }))}
            onChange={(event) => onChoose(event.currentTarget.value)}
            data-testid="film-camera"
          />
        )}
        <Button onClick={onBegin} data-testid="film-begin" autoFocus>
          {t("film.begin")}
        </Button>
      </div>
    </>
  );
}

interface FilmingProps {
  filming: Filming;
  onStop: (limit: Filmed["limit"]) => void;
}

export function FilmingEnd({ filming, onStop }: FilmingProps) {
  const { t } = useTranslation();
  const [now, setNow] = useState({ elapsed: 0, bytes: 0 });
  const latest = useRef(onStop);
  useEffect(() => {
    latest.current = onStop;
  });
  useEffect(() => {
    // A timer, not frames: it ends in time in a tab that is not looked at.
    const timer = setInterval(() => {
      const { elapsed, bytes, isOver } = filming;
      setNow({ elapsed, bytes });
      const limit = limitReached(elapsed, bytes);
      if (!limit && !isOver) return;
      clearInterval(timer);
      latest.current(limit);
    }, 200);
    return () => clearInterval(timer);
  }, [filming]);
  const left = Math.max(0, Math.ceil((VIDEO_LIMIT_MS - now.elapsed) / 1000));
  return (
    <>
      <p className="film-words tabular" data-testid="film-so-far">
        <b role="timer">{playLength(Math.min(now.elapsed, VIDEO_LIMIT_MS))}</b>
        {` / ${playLength(VIDEO_LIMIT_MS)} · ${t("film.size", { size: bytes(now.bytes), most: bytes(VIDEO_MAX_BYTES) })}`}
        <span className="film-warn" role="status">
          {now.elapsed >= VIDEO_WARN_MS && ` ${t("record.left", { seconds: left })}`}
        </span>
      </p>
      <div className="film-end">
        <Button onClick={() => onStop(null)} data-testid="film-stop" autoFocus>
          {t("record.stop")}
        </Button>
      </div>
    </>
  );
}

interface ReviewProps {
  camera: Camera;
  filmed: Filmed;
  onTake: () => void;
  onAgain: () => void;
  onDiscard: () => void;
}

export function ReviewEnd({ camera, filmed, onTake, onAgain, onDiscard }: ReviewProps) {
  const { t } = useTranslation();
  return (
    <>
      <p className="film-words tabular" role="status" data-testid="film-result">
        {playLength(filmed.length)} · {bytes(filmed.file.size)}
        {filmed.limit && ` · ${t(`film.full_${filmed.limit}`)}`}
      </p>
      <Doubts camera={camera} />
      <div className="film-end">
        <Button variant="default" onClick={onDiscard} data-testid="film-discard">
          {t("record.discard")}
        </Button>
        <Button variant="default" onClick={onAgain} data-testid="film-again">
          {t("film.again")}
        </Button>
        <Button onClick={onTake} data-testid="film-take" autoFocus>
          {t("record.take")}
        </Button>
      </div>
    </>
  );
}

export function LeavingEnd({ onDiscard, onStay }: { onDiscard: () => void; onStay: () => void }) {
  const { t } = useTranslation();
  return (
    <>
      <p className="film-words" role="alert">
        {t("film.leave")}
      </p>
      <div className="film-end">
        <Button variant="default" onClick={onDiscard} data-testid="film-leave">
          {t("record.discard")}
        </Button>
        <Button onClick={onStay} autoFocus data-testid="film-stay">
          {t("film.stay")}
        </Button>
      </div>
    </>
  );
}
