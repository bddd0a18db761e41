/** Records a video: the camera's picture, time and size while it runs, watching it, then into the draft. */
import { Modal } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { FilmingEnd, LeavingEnd, ProblemEnd, ReadyEnd, ReviewEnd } from "./FilmEnds";
import { FilmScreen } from "./FilmScreen";
import { useFilming } from "./useFilming";

interface Props {
  onDone: (file: File) => void;
  onClose: () => void;
}

export function RecordVideo({ onDone, onClose }: Props) {
  const { t } = useTranslation();
  const { state, begin, stop, again, choose, settle } = useFilming(onDone);
  const [leaving, setLeaving] = useState(false);
  // Closed first and gone after: while a dialog is there, Escape is not for the page behind it.
  const [opened, setOpened] = useState(true);
  const close = () => setOpened(false);
  const hasWork = state.step === "filming" || state.step === "review";
  const leave = () => {
    if (!hasWork) return close();
    setLeaving(true);
    if (state.step === "filming") void stop(state.camera, state.filming, null);
  };
  const discard = () => {
    settle();
    close();
  };
  return (
    <Modal
      opened={opened}
      transitionProps={{ onExited: onClose }}
      size="lg"
      onClose={leave}
      closeOnClickOutside={!hasWork}
      title={t("film.start")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <div className="film-dialog" data-testid="film" data-step={state.step}>
        <FilmScreen state={state} />
        {state.step === "problem" && (
          <ProblemEnd problem={state.problem} onAgain={again} onClose={close} />
        )}
        {state.step === "ready" && (
          <ReadyEnd camera={state.camera} onChoose={choose} onBegin={() => begin(state.camera)} />
        )}
        {state.step === "filming" && (
          <FilmingEnd
            filming={state.filming}
            onStop={(limit) => void stop(state.camera, state.filming, limit)}
          />
        )}
        {state.step === "review" && leaving && (
          <LeavingEnd onDiscard={discard} onStay={() => setLeaving(false)} />
        )}
        {state.step === "review" && !leaving && (
          <ReviewEnd
            camera={state.camera}
            filmed={state.filmed}
            onTake={() => {
              settle();
              onDone(state.filmed.file);
              close();
            }}
            onAgain={again}
            onDiscard={discard}
          />
        )}
      </div>
    </Modal>
  );
}
