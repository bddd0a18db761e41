/** The parts of the channel form, in the order of the article: name, account, callback, replies, customers. */
import { Button, Checkbox, Select, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { departmentsQuery } from "../../api/directory";
import { keys } from "../../api/keys";
import type { Department } from "../../api/types";
import { Choice } from "../../components/Choice";
import { fieldErrorText } from "../../i18n/words";
import { ChannelFormSecret } from "./ChannelFormSecret";
import { SurveyFields } from "./channel/SurveyFields";
import type { ChannelFields } from "./channelFields";
import { channelDoubts, type FieldTexts, surveyLimit } from "./channelRules";
import { DepartmentChecks } from "./DepartmentChecks";
import { NameDialog } from "./NameDialog";
import { OffNoticeField } from "./OffNoticeField";
import { RadioCards } from "./RadioCards";
import { type Place, WhereFound } from "./WhereFound";

export interface FormPart {
  fields: ChannelFields;
  problems: FieldTexts;
  set: <K extends keyof ChannelFields>(name: K, value: ChannelFields[K]) => void;
  /** A secret is stored, and kept when nothing is typed. */
  secretKept: boolean;
}

type TextName = {
  [K in keyof ChannelFields]: ChannelFields[K] extends string ? K : never;
}[keyof ChannelFields];

function text({ fields, problems, set }: FormPart, name: TextName) {
  return {
    name,
    value: fields[name],
    onChange: (event: { currentTarget: HTMLInputElement }) =>
      set(name, event.currentTarget.value as never),
    error: problems[name],
    "data-testid": `field-${name}`,
    autoComplete: "off",
    spellCheck: false,
  };
}

export function NameAndDepartments({ form }: { form: FormPart }) {
  const { t } = useTranslation();
  const { fields, problems, set } = form;
  const departments = useQuery(departmentsQuery).data ?? [];
  const chosen = departments.filter((one) => fields.department_ids.includes(one.id));
  const choose = (ids: string[]) => {
    set("department_ids", ids);
    const kept = ids.includes(fields.default_department_id ?? "");
    set("default_department_id", kept ? fields.default_department_id : (ids[0] ?? null));
  };
  return (
    <>
      <TextInput {...text(form, "name")} label={t("field.name")} withAsterisk />
      <div className="field">
        <DepartmentChecks
          label={t("field.departments")}
          hint={t("field.departments.hint")}
          required
          chosen={fields.department_ids}
          problem={problems.department_ids}
          onChoose={choose}
        />
        {departments.length === 0 && <FirstDepartment onMade={(id) => choose([id])} />}
      </div>
      {chosen.length > 1 && (
        <Choice
          name="default_department_id"
          label={t("field.default_department")}
          description={t("field.default_department.hint")}
          options={chosen.map(({ id, name }) => ({ value: id, label: name }))}
          value={fields.default_department_id ?? ""}
          error={problems.default_department_id}
          onChoose={(id) => set("default_department_id", id)}
        />
      )}
    </>
  );
}

/** Nobody has to leave a half-filled form because a desk without departments has nothing to tick. */
function FirstDepartment({ onMade }: { onMade: (id: string) => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const save = async (name: string) => {
    const made = await api.post<Department>("/departments", { name });
    await client.invalidateQueries({ queryKey: keys.departments });
    onMade(made.id);
  };
  return (
    <>
      <Button
        variant="default"
        size="xs"
        onClick={() => setOpen(true)}
        data-testid="first-department"
      >
        {t("departments.add")}
      </Button>
      <NameDialog
        title={t("departments.add")}
        label={t("departments.name")}
        initial=""
        opened={open}
        onClose={() => setOpen(false)}
        onSave={save}
      />
    </>
  );
}

export function Account({ form }: { form: FormPart }) {
  const { t } = useTranslation();
  const { fields, set } = form;
  const test = fields.account_kind === "test";
  return (
    <>
      <h2 className="form-section">{t("channel.account")}</h2>
      <RadioCards
        name="account_kind"
        label={t("field.account_kind")}
        options={(["service", "subscription", "enterprise", "test"] as const).map((value) => ({
          value,
          label: t(`channel.kind.${value}`),
          hint: t(`channel.kind.${value}.limits`),
        }))}
        value={fields.account_kind}
        onChoose={(value) => set("account_kind", value)}
      />
      <RadioCards
        name="region"
        label={t("field.region")}
        options={(["mainland_china", "other"] as const).map((value) => ({
          value,
          label: t(`channel.region.${value}`),
          hint: t(`channel.region.${value}.limits`),
        }))}
        value={fields.region}
        onChoose={(value) => set("region", value)}
      />
      {!test && (
        <Checkbox
          label={t("field.verified")}
          description={t("field.verified.hint")}
          checked={fields.verified}
          onChange={(event) => set("verified", event.currentTarget.checked)}
        />
      )}
      <Identifier form={form} name="original_id" place="original_id" />
      <Identifier form={form} name="app_id" place="app_id" />
      <AppSecret form={form} />
    </>
  );
}

function Identifier(props: { form: FormPart; name: "original_id" | "app_id"; place: Place }) {
  const { t } = useTranslation();
  const { form, name, place } = props;
  const doubt = channelDoubts(form.fields)[name];
  return (
    <div className="field">
      <TextInput
        {...text(form, name)}
        label={t(`field.${name}`)}
        withAsterisk
        description={doubt ? <span className="doubt">{doubt}</span> : t(`field.${name}.hint`)}
      />
      <WhereFound place={place} test={form.fields.account_kind === "test"} />
    </div>
  );
}

/** Write-only: what is stored is never shown, only replaced. */
function AppSecret({ form }: { form: FormPart }) {
  const { t } = useTranslation();
  const [replacing, setReplacing] = useState(!form.secretKept);
  const { set } = form;
  if (!replacing) {
    return (
      <div className="field">
        <div className="with-buttons">
          <TextInput
            label={t("field.app_secret")}
            value="•••••••"
            readOnly
            variant="filled"
            description={t("field.app_secret.stored")}
          />
          <div className="buttons">
            <Button
              variant="default"
              onClick={() => setReplacing(true)}
              data-testid="replace-secret"
            >
              {t("field.app_secret.replace")}
            </Button>
          </div>
        </div>
      </div>
    );
  }
  const keep = () => {
    set("app_secret", "");
    setReplacing(false);
  };
  return (
    <div className="field">
      <div className="with-buttons">
        <TextInput
          {...text(form, "app_secret")}
          label={t("field.app_secret")}
          type="password"
          autoComplete="new-password"
          withAsterisk={!form.secretKept}
          description={t(form.secretKept ? "field.app_secret.kept" : "field.app_secret.hint")}
        />
        {form.secretKept && (
          <div className="buttons">
            <Button variant="default" onClick={keep}>
              {t("field.app_secret.keep")}
            </Button>
          </div>
        )}
      </div>
      <WhereFound place="secret" test={form.fields.account_kind === "test"} />
    </div>
  );
}

export function Callback({ form }: { form: FormPart }) {
  const { t } = useTranslation();
  const { fields, problems, set } = form;
  const modes = (["plain", "compatible", "safe"] as const).filter(
    (mode) => mode === "plain" || fields.account_kind !== "test",
  );
  return (
    <>
      <h2 className="form-section">{t("channel.callback")}</h2>
      <p className="section-hint">{t("channel.callback.hint")}</p>
      <ChannelFormSecret form={form} name="token" />
      <ChannelFormSecret form={form} name="encoding_aes_key" />
      <RadioCards
        name="encryption_mode"
        label={t("field.encryption_mode")}
        options={modes.map((value) => ({
          value,
          label: t(`channel.mode.${value}`),
          hint: t(modes.length > 1 ? `channel.mode.${value}.hint` : "channel.mode.test.hint"),
        }))}
        value={fields.encryption_mode}
        error={problems.encryption_mode}
        onChoose={(value) => set("encryption_mode", value)}
      />
    </>
  );
}

const zones = Intl.supportedValuesOf("timeZone");

export function Replies({ form }: { form: FormPart }) {
  const { t } = useTranslation();
  const { fields, problems, set } = form;
  return (
    <>
      <h2 className="form-section">{t("channel.replies")}</h2>
      <RadioCards
        name="reply_policy"
        label={t("field.reply_policy")}
        options={(["documented", "wechat_current", "custom"] as const).map((value) => ({
          value,
          label: t(`channel.policy.${value}`),
          hint: t(`channel.policy.${value}.hint`),
        }))}
        value={fields.reply_policy}
        onChoose={(value) => set("reply_policy", value)}
      />
      {fields.reply_policy === "custom" && (
        <div className="figures">
          {(["window_hours", "window_messages", "burst_seconds", "burst_messages"] as const).map(
            (name) => (
              <TextInput
                key={name}
                {...text(form, name)}
                inputMode="numeric"
                label={t(`field.${name}`)}
                description={t(`field.${name}.hint`)}
              />
            ),
          )}
        </div>
      )}
      <Select
        name="time_zone"
        label={t("field.time_zone")}
        description={t("field.time_zone.hint")}
        searchable
        data={zones.includes(fields.time_zone) ? zones : [fields.time_zone, ...zones]}
        value={fields.time_zone}
        error={problems.time_zone}
        onChange={(value) => value && set("time_zone", value)}
      />
    </>
  );
}

export function Customers({ form }: { form: FormPart }) {
  const { t } = useTranslation();
  const { fields, problems, set } = form;
  const limit = surveyLimit(fields);
  return (
    <>
      <h2 className="form-section">{t("channel.customers")}</h2>
      <Checkbox
        name="survey_enabled"
        label={t("field.survey_enabled")}
        description={limit ? fieldErrorText(limit) : t("field.survey_enabled.hint")}
        checked={fields.survey_enabled}
        disabled={limit !== null}
        error={problems.survey_enabled}
        onChange={(event) => set("survey_enabled", event.currentTarget.checked)}
        data-testid="field-survey_enabled"
      />
      {fields.survey_enabled && !limit && (
        <SurveyFields
          scale={fields.survey_scale}
          question={fields.survey_question}
          problem={problems.survey_question}
          onScale={(scale) => set("survey_scale", scale)}
          onQuestion={(question) => set("survey_question", question)}
        />
      )}
      <RadioCards
        name="unfollow_policy"
        label={t("field.unfollow_policy")}
        options={(["keep", "anonymise", "erase"] as const).map((value) => ({
          value,
          label: t(`channel.unfollow.${value}`),
          hint: t(`channel.unfollow.${value}.hint`),
        }))}
        value={fields.unfollow_policy}
        onChoose={(value) => set("unfollow_policy", value)}
      />
      {fields.unfollow_policy === "erase" && (
        <TextInput
          {...text(form, "unfollow_days")}
          inputMode="numeric"
          label={t("field.unfollow_days")}
          description={t("field.unfollow_days.hint")}
        />
      )}
      <OffNoticeField
        value={fields.off_notice}
        problem={problems.off_notice}
        onChange={(notice) => set("off_notice", notice)}
      />
    </>
  );
}
