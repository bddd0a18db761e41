/** What one step of the wizard says and asks. */

import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { SetupStep, SetupStepChange } from "../../../api/types";
import type { ChannelFields } from "../channelFields";
import { RadioCards } from "../RadioCards";
import { CONSOLE_URL, Outside, Paths, SANDBOX_URL } from "../WhereFound";
import { AddressList } from "./AddressList";

type Kind = ChannelFields["account_kind"] | null;

interface Props {
  step: SetupStep;
  kind: Kind;
  onChange: (change: SetupStepChange) => void;
}

export function StepBody({ step, kind, onChange }: Props) {
  const { t } = useTranslation();
  const test = kind === "test";
  const name = step.step;
  return (
    <>
      <p>
        {t(test && hasTestText(name) ? `wizard.step.${name}.test` : `wizard.step.${name}.hint`)}
      </p>
      {name === "open_page" && (
        <p>
          <Outside url={test ? SANDBOX_URL : CONSOLE_URL}>
            {test ? t("where.sandbox") : "mp.weixin.qq.com"}
          </Outside>
        </p>
      )}
      {name === "account_kind" && <KindChoice step={step} onChange={onChange} />}
      {name === "region" && <RegionChoice step={step} onChange={onChange} />}
      {name === "privileges" && <Paths place="privileges" />}
      {name === "values" && <Values test={test} />}
      {name === "allow_list" && (
        <>
          <Paths place="allow_list" />
          <AddressList />
        </>
      )}
      {!step.done && (
        <Button
          size="xs"
          variant="default"
          disabled={isChoice(name) && !step.choice}
          onClick={() => onChange({ step: name, done: true })}
          data-testid={`done-${name}`}
        >
          {t(isChoice(name) && !step.choice ? "wizard.choose_first" : "wizard.done")}
        </Button>
      )}
    </>
  );
}

const isChoice = (name: SetupStep["step"]) => name === "account_kind" || name === "region";
const hasTestText = (name: SetupStep["step"]) => name === "open_page" || name === "values";

function KindChoice({ step, onChange }: Omit<Props, "kind">) {
  const { t } = useTranslation();
  return (
    <RadioCards
      name="account_kind"
      label={t("field.account_kind")}
      options={(["service", "subscription", "enterprise", "test"] as const).map((value) => ({
        value,
        label: t(`channel.kind.${value}`),
        hint: t(`channel.kind.${value}.limits`),
      }))}
      value={step.choice as Kind}
      onChoose={(choice) => onChange({ step: step.step, done: step.done, choice })}
    />
  );
}

function RegionChoice({ step, onChange }: Omit<Props, "kind">) {
  const { t } = useTranslation();
  return (
    <RadioCards
      name="region"
      label={t("field.region")}
      options={(["mainland_china", "other"] as const).map((value) => ({
        value,
        label: t(`channel.region.${value}`),
        hint: t(`channel.region.${value}.limits`),
      }))}
      value={step.choice as ChannelFields["region"] | null}
      onChoose={(choice) => onChange({ step: step.step, done: step.done, choice })}
    />
  );
}

/** The five values, each with its places. */
function Values({ test }: { test: boolean }) {
  const { t } = useTranslation();
  if (test) return <Paths place="app_id" test />;
  return (
    <dl className="five">
      {(["original_id", "app_id", "app_secret"] as const).map((name) => (
        <div key={name}>
          <dt>{t(`field.${name}`)}</dt>
          <dd>
            <Paths place={name === "app_secret" ? "secret" : name} />
          </dd>
        </div>
      ))}
      <div>
        <dt>
          {t("field.token")} · {t("field.encoding_aes_key")}
        </dt>
        <dd>
          <p>{t("wizard.values.made_here")}</p>
          <Paths place="callback" />
        </dd>
      </div>
    </dl>
  );
}
