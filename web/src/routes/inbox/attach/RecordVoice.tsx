/** Records a voice message: what the microphone needs, level and time, pause, listen again, then into the draft. */
import { Button } from "@mantine/core";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../../../components/Icon";
import { playLength } from "../../../format/time";
import { type Problem, problemOf } from "./devices";
import { LIMIT_MS, Recording, voiceFile, WARN_MS } from "./recorder";
import { useKeptOnLeaving } from "./useKeptOnLeaving";

interface Props {
  onDone: (file: File) => void;
  onClose: () => void;
}

type State =
  | { step: "asking" }
  | { step: "problem"; problem: Problem }
  | { step: "recording" | "paused"; recording: Recording }
  | { step: "review"; recorded: Blob; length: number; failed?: boolean }
  | { step: "encoding" };

export function RecordVoice({ onDone, onClose }: Props) {
  const [state, setState] = useState<State>({ step: "asking" });
  const holdOn = useKeptOnLeaving(onDone);
  const gone = useRef(false);

  const ask = useCallback(async () => {
    holdOn(null);
    setState({ step: "asking" });
    try {
      const recording = await Recording.start();
      if (gone.current) return recording.close();
      holdOn(async () => voiceFile(await recording.stop()));
      setState({ step: "recording", recording });
    } catch (error) {
      setState({ step: "problem", problem: problemOf(error) });
    }
  }, [holdOn]);
  useEffect(() => {
    gone.current = false;
    void ask();
    return () => {
      gone.current = true;
    };
  }, [ask]);

  const stop = useCallback(
    async (recording: Recording) => {
      const recorded = await recording.stop();
      if (gone.current) return;
      if (recorded.size === 0) {
        holdOn(null);
        return setState({ step: "problem", problem: "failed" });
      }
      holdOn(() => voiceFile(recorded));
      setState({ step: "review", recorded, length: Math.min(recording.elapsed, LIMIT_MS) });
    },
    [holdOn],
  );
  const take = async (recorded: Blob, length: number) => {
    setState({ step: "encoding" });
    try {
      const file = await voiceFile(recorded);
      if (gone.current) return;
      holdOn(null);
      onDone(file);
    } catch {
      setState({ step: "review", recorded, length, failed: true });
    }
  };
  const discard = (recording?: Recording) => {
    holdOn(null);
    recording?.close();
    onClose();
  };
  return (
    <div className="record" data-testid="record" data-step={state.step}>
      {state.step === "asking" && <Line text="record.asking" onClose={onClose} />}
      {state.step === "encoding" && <Line text="record.encoding" />}
      {state.step === "problem" && (
        <ProblemLine problem={state.problem} onAgain={() => void ask()} onClose={onClose} />
      )}
      {(state.step === "recording" || state.step === "paused") && (
        <Live
          recording={state.recording}
          paused={state.step === "paused"}
          onPause={(paused) => {
            if (paused) state.recording.pause();
            else state.recording.resume();
            setState({ step: paused ? "paused" : "recording", recording: state.recording });
          }}
          onStop={() => void stop(state.recording)}
          onDiscard={() => discard(state.recording)}
        />
      )}
      {state.step === "review" && (
        <Review
          recorded={state.recorded}
          length={state.length}
          failed={state.failed ?? false}
          onTake={() => void take(state.recorded, state.length)}
          onAgain={() => void ask()}
          onDiscard={() => discard()}
        />
      )}
    </div>
  );
}

function Line({ text, onClose }: { text: string; onClose?: () => void }) {
  const { t } = useTranslation();
  return (
    <>
      <span role="status" className="record-words">
        {t(text)}
      </span>
      {onClose && (
        <Button size="compact-sm" variant="default" onClick={onClose}>
          {t("action.cancel")}
        </Button>
      )}
    </>
  );
}

interface ProblemProps {
  problem: Problem;
  onAgain: () => void;
  onClose: () => void;
}

function ProblemLine({ problem, onAgain, onClose }: ProblemProps) {
  const { t } = useTranslation();
  return (
    <>
      <Icon name="alert" size={16} />
      <span role="alert" className="record-words">
        {t(`record.problem.${problem}`)}
      </span>
      {problem !== "insecure" && problem !== "unsupported" && (
        <Button size="compact-sm" variant="default" onClick={onAgain}>
          {t("record.again")}
        </Button>
      )}
      <Button size="compact-sm" variant="default" onClick={onClose}>
        {t("action.close")}
      </Button>
    </>
  );
}

interface LiveProps {
  recording: Recording;
  paused: boolean;
  onPause: (paused: boolean) => void;
  onStop: () => void;
  onDiscard: () => void;
}

/** Time and level, read from the recording as often as the screen is drawn. */
function useNow(recording: Recording, onLimit: () => void) {
  const [now, setNow] = useState({ elapsed: 0, level: 0 });
  const limit = useRef(onLimit);
  useEffect(() => {
    limit.current = onLimit;
  });
  useEffect(() => {
    let ended = false;
    // A timer, not frames: a recording goes on, and ends in time, in a tab that is not looked at.
    const timer = setInterval(() => {
      const { elapsed, isOver } = recording;
      setNow({ elapsed, level: recording.level() });
      if ((elapsed < LIMIT_MS && !isOver) || ended) return;
      ended = true;
      limit.current();
    }, 80);
    return () => clearInterval(timer);
  }, [recording]);
  return now;
}

function Live({ recording, paused, onPause, onStop, onDiscard }: LiveProps) {
  const { t } = useTranslation();
  const { elapsed, level } = useNow(recording, onStop);
  const left = Math.max(0, Math.ceil((LIMIT_MS - elapsed) / 1000));
  const late = elapsed >= WARN_MS;
  return (
    <>
      <span className="record-dot" data-paused={paused} aria-hidden="true" />
      <span className="tabular record-time" role="timer" data-testid="record-time">
        {playLength(Math.min(elapsed, LIMIT_MS))}
      </span>
      <meter
        className="record-level"
        min={0}
        max={1}
        value={paused ? 0 : level}
        aria-label={t("record.level")}
        data-testid="record-level"
      />
      <span className="record-words" role="status" data-tone={late ? "warn" : undefined}>
        {late && t("record.left", { seconds: left })}
        {!late && paused && t("record.paused")}
      </span>
      <span className="record-actions">
        <Button
          size="compact-sm"
          variant="default"
          onClick={onDiscard}
          data-testid="record-discard"
        >
          {t("record.discard")}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => onPause(!paused)}
          data-testid="record-pause"
        >
          {t(paused ? "record.resume" : "record.pause")}
        </Button>
        <Button size="compact-sm" onClick={onStop} data-testid="record-stop" autoFocus>
          {t("record.stop")}
        </Button>
      </span>
    </>
  );
}

interface ReviewProps {
  recorded: Blob;
  length: number;
  failed: boolean;
  onTake: () => void;
  onAgain: () => void;
  onDiscard: () => void;
}

function Review({ recorded, length, failed, onTake, onAgain, onDiscard }: ReviewProps) {
  const { t } = useTranslation();
  const [url, setUrl] = useState("");
  useEffect(() => {
    const made = URL.createObjectURL(recorded);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [recorded]);
  return (
    <>
      {/* biome-ignore lint/a11y/useMediaCaption: it is the agent's own recording */}
      <audio
        className="record-listen"
        src={url || undefined}
        controls
        aria-label={t("record.listen")}
      />
      <span className="tabular record-words" role="status">
        {t("record.length", { length: playLength(length) })}
        {length >= LIMIT_MS && ` ${t("record.full")}`}
        {failed && ` ${t("record.unreadable")}`}
      </span>
      <span className="record-actions">
        <Button
          size="compact-sm"
          variant="default"
          onClick={onDiscard}
          data-testid="record-discard"
        >
          {t("record.discard")}
        </Button>
        <Button size="compact-sm" variant="default" onClick={onAgain}>
          {t("record.again")}
        </Button>
        <Button size="compact-sm" onClick={onTake} data-testid="record-take" autoFocus>
          {t("record.take")}
        </Button>
      </span>
    </>
  );
}
