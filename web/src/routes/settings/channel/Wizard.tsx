/** From nothing to a WeChat account that can be connected: the article's six steps, then what the form will ask for. */
import { Button, Checkbox, Skeleton } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../../api/client";
import { useNames } from "../../../api/directory";
import { keys } from "../../../api/keys";
import type { SetupStep, SetupStepChange, SetupSteps } from "../../../api/types";
import { Icon } from "../../../components/Icon";
import { ErrorNotice } from "../../../components/Notice";
import { sayError } from "../../../components/toasts";
import { preciseTime } from "../../../format/time";
import { Crumbs } from "../Crumbs";
import { chosenKind, isNeeded, setupStepsQuery } from "./setupSteps";
import { StepBody } from "./WizardStep";

/** The six of the article; the rest prepares the account for the form. */
const CREATION = 6;

/** The steps, and a way to tick one that is seen at once: what is still on its way covers what is stored. */
function useSteps(stored: SetupStep[]) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [pending, setPending] = useState<SetupStepChange[]>([]);
  const change = async (told: SetupStepChange) => {
    setPending((others) => [...others, told]);
    try {
      const { items } = await api.put<SetupSteps>("/setup-steps", told);
      await client.cancelQueries({ queryKey: keys.setupSteps });
      client.setQueryData(keys.setupSteps, items);
    } catch (error) {
      sayError(error, t("action.copy_details"));
    } finally {
      setPending((others) => others.filter((one) => one !== told));
    }
  };
  const steps = stored.map((step) => {
    const own = pending.filter((told) => told.step === step.step);
    const last = own.at(-1);
    const choice = own.findLast((told) => told.choice)?.choice ?? step.choice;
    return last ? { ...step, done: last.done, choice } : step;
  });
  return { steps, change };
}

export function Wizard() {
  const { t } = useTranslation();
  const query = useQuery(setupStepsQuery);
  const steps = query.data;
  return (
    <>
      <Crumbs withList />
      <div className="page-head">
        <h1>{t("wizard.title")}</h1>
      </div>
      <div className="card wizard-intro">
        <div>
          <strong>{t("wizard.have")}</strong>
          <p>{t("wizard.have.hint")}</p>
        </div>
        <ToForm label={t("wizard.have.link")} testId="skip-wizard" variant="default" />
      </div>
      {query.isPending && <Skeleton height={420} radius={10} />}
      {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {steps && <Steps steps={steps} />}
    </>
  );
}

function ToForm(props: { label: string; testId: string; variant?: "default" }) {
  return (
    <Button
      renderRoot={(root) => (
        <Link to="/settings/channels/wechat/new" search={{ direct: true }} {...root} />
      )}
      variant={props.variant}
      data-testid={props.testId}
    >
      {props.label}
    </Button>
  );
}

function Steps({ steps: stored }: { steps: SetupStep[] }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<SetupStep["step"] | null | undefined>(undefined);
  const { steps, change } = useSteps(stored);
  const kind = chosenKind(steps);
  const needed = steps.filter(({ step }) => isNeeded(step, kind));
  const done = needed.filter((one) => one.done).length;
  // Until somebody opens another one, the first that is not done is open.
  const open = asked === undefined ? needed.find((one) => !one.done)?.step : asked;
  const tell = (told: SetupStepChange) => {
    setAsked(undefined);
    void change(told);
  };
  const row = (one: SetupStep) => (
    <StepRow
      key={one.step}
      step={one}
      number={steps.indexOf(one) + 1}
      needed={isNeeded(one.step, kind)}
      open={open === one.step}
      onOpen={() => setAsked(open === one.step ? null : one.step)}
      onTick={(done) => void change({ step: one.step, done })}
    >
      <StepBody step={one} kind={kind} onChange={tell} />
    </StepRow>
  );
  return (
    <>
      <div className="wizard-progress">
        <progress value={done} max={needed.length} aria-label={t("wizard.progress.label")} />
        <span className="tabular">{t("wizard.progress", { done, all: needed.length })}</span>
        {done > 0 && <StartOver />}
      </div>
      <h2 className="wizard-part">{t("wizard.part.create")}</h2>
      <ol className="wizard">{steps.slice(0, CREATION).map(row)}</ol>
      <h2 className="wizard-part">{t("wizard.part.prepare")}</h2>
      <ol className="wizard">{steps.slice(CREATION).map(row)}</ol>
      <div className="form-notice">
        <Icon name="alert" />
        <div>
          <strong>{t("connect.takes_over")}</strong>
          <p>{t("wizard.takes_over.hint")}</p>
        </div>
      </div>
      <div className="form-end wizard-end">
        <span className="dim">
          {t(done === needed.length ? "wizard.ready" : "wizard.not_ready")}
        </span>
        <ToForm label={t("wizard.to_form")} testId="to-form" />
      </div>
    </>
  );
}

function StartOver() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const clear = useMutation({
    mutationFn: () => api.delete("/setup-steps"),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.setupSteps }),
    onError: (error) => sayError(error, t("action.copy_details")),
  });
  return (
    <Button
      variant="subtle"
      size="xs"
      loading={clear.isPending}
      onClick={() => clear.mutate()}
      data-testid="start-over"
    >
      {t("wizard.start_over")}
    </Button>
  );
}

interface RowProps {
  step: SetupStep;
  number: number;
  needed: boolean;
  open: boolean;
  onOpen: () => void;
  onTick: (done: boolean) => void;
  children: React.ReactNode;
}

function StepRow({ step, number, needed, open, onOpen, onTick, children }: RowProps) {
  const { t } = useTranslation();
  const names = useNames();
  const title = t(`wizard.step.${step.step}`);
  if (!needed) {
    return (
      <li className="wizard-step" data-needed="false">
        <div className="wizard-head">
          <span className="wizard-number">–</span>
          <span>
            <s>{title}</s> <span className="small dim">{t("wizard.not_for_test")}</span>
          </span>
        </div>
      </li>
    );
  }
  const who = names.agent(step.done_by);
  return (
    <li className="wizard-step" data-done={step.done} data-testid={`wizard-${step.step}`}>
      <div className="wizard-head">
        <Checkbox
          checked={step.done}
          aria-label={t("wizard.tick", { title })}
          onChange={(event) => onTick(event.currentTarget.checked)}
          data-testid={`tick-${step.step}`}
        />
        <button type="button" aria-expanded={open} onClick={onOpen}>
          <span>
            {number}. {title}
          </span>
          {step.done && step.done_at && (
            <span className="small dim">
              {t("wizard.ticked", { name: who, time: preciseTime(step.done_at) })}
            </span>
          )}
          <Icon name="down" size={16} />
        </button>
      </div>
      {open && <div className="wizard-body">{children}</div>}
    </li>
  );
}
