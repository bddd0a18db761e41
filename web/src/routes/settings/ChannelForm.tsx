/** Creates and edits a WeChat channel. Nothing that was typed is lost when saving fails. */
import { Button, Checkbox, Skeleton, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { type FormEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type ApiError, api, asApiError } from "../../api/client";
import { departmentsQuery } from "../../api/directory";
import { keys } from "../../api/keys";
import type { Channel, ChannelChange, ChannelSecret } from "../../api/types";
import { Choice } from "../../components/Choice";
import { ErrorNotice } from "../../components/Notice";
import { say, sayError } from "../../components/toasts";
import { errorText, fieldErrorText } from "../../i18n/words";
import { Crumbs } from "./Crumbs";
import { SurveyFields } from "./channel/SurveyFields";
import { channelQuery } from "./channelQuery";
import {
  type ChannelFields,
  channelDoubts,
  channelProblems,
  emptyChannel,
  type FieldTexts,
} from "./channelRules";
import { DepartmentChecks } from "./DepartmentChecks";
import { IconPicker } from "./IconPicker";

export function AddChannel() {
  const departments = useQuery(departmentsQuery);
  if (departments.isPending) return <Skeleton height={480} radius={10} />;
  // Where there is nothing to choose, nothing is asked.
  const only = departments.data?.length === 1 ? departments.data[0] : undefined;
  const initial = only
    ? { ...emptyChannel, department_ids: [only.id], default_department_id: only.id }
    : emptyChannel;
  return <ChannelForm title="channels.add_title" initial={initial} channel={null} />;
}

export function EditChannel() {
  const { channelId } = useParams({ strict: false });
  const channel = useQuery(channelQuery(channelId ?? ""));
  if (channel.isPending) return <Skeleton height={480} radius={10} />;
  if (!channel.data) return <ErrorNotice error={channel.error} />;
  return (
    <ChannelForm
      title="channels.edit_title"
      channel={channel.data}
      initial={{
        ...emptyChannel,
        ...channel.data,
        app_secret: "",
        token: channel.data.token ?? "",
        encoding_aes_key: channel.data.encoding_aes_key ?? "",
        survey_question: channel.data.survey_question ?? "",
      }}
    />
  );
}

interface Props {
  title: "channels.add_title" | "channels.edit_title";
  initial: ChannelFields;
  channel: Channel | null;
}

const fieldNames = Object.keys(emptyChannel) as (keyof ChannelFields)[];

/** What goes to the desk: token and key left empty are made there, an empty secret keeps the stored one. */
function bodyOf(fields: ChannelFields, channel: Channel | null): ChannelChange {
  const { encryption_mode, account_kind, verified, region, reply_policy } = fields;
  const { department_ids, default_department_id } = fields;
  const { survey_enabled, survey_scale } = fields;
  return {
    ...{ encryption_mode, account_kind, verified, region, reply_policy },
    ...{ department_ids, default_department_id, survey_enabled, survey_scale },
    survey_question: fields.survey_question.trim(),
    ...(channel ? { version: channel.version } : { kind: "wechat" }),
    name: fields.name.trim(),
    original_id: fields.original_id.trim(),
    app_id: fields.app_id.trim(),
    app_secret: fields.app_secret.trim() || undefined,
    token: fields.token.trim() || undefined,
    encoding_aes_key: fields.encoding_aes_key.trim() || undefined,
  };
}

function useSave(channel: Channel | null, icon: File | null) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation<Channel, unknown, ChannelFields>({
    mutationFn: (fields) =>
      channel
        ? api.patch<Channel>(`/channels/${channel.id}`, bodyOf(fields, channel))
        : api.post<Channel>("/channels", bodyOf(fields, null)),
    onSuccess: async (saved) => {
      say(t(channel ? "channel.saved" : "channel.created"));
      if (icon) {
        await api
          .upload("PUT", `/channels/${saved.id}/icon`, icon, icon.name)
          .catch((error) =>
            say(t("channel.icon_failed", { reason: errorText(asApiError(error)) })),
          );
      }
      await client.invalidateQueries({ queryKey: keys.channels });
      await navigate({
        to: "/settings/channels/wechat/$channelId",
        params: { channelId: saved.id },
      });
    },
  });
}

/** The desk's answers per field, in words. */
function refusedFields(error: ApiError | null): FieldTexts {
  const texts: FieldTexts = {};
  for (const [name, code] of Object.entries(error?.fields ?? {})) {
    if (fieldNames.includes(name as keyof ChannelFields)) {
      texts[name as keyof ChannelFields] = fieldErrorText(code);
    }
  }
  return texts;
}

function ChannelForm({ title, initial, channel }: Props) {
  const { t } = useTranslation();
  const [fields, setFields] = useState(initial);
  const [problems, setProblems] = useState<FieldTexts>({});
  const [icon, setIcon] = useState<File | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const departments = useQuery(departmentsQuery).data ?? [];
  const save = useSave(channel, icon);
  const doubts = channelDoubts(fields);
  const secretKept = Boolean(channel?.app_secret);

  const set = <K extends keyof ChannelFields>(name: K, value: ChannelFields[K]) => {
    setFields((old) => ({ ...old, [name]: value }));
    setProblems(({ [name]: _, ...rest }) => rest);
  };
  const focusFirst = (found: FieldTexts) => {
    const first = fieldNames.find((name) => found[name]);
    requestAnimationFrame(() =>
      form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus(),
    );
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = channelProblems(fields, secretKept);
    setProblems(found);
    if (Object.keys(found).length > 0) return focusFirst(found);
    save.mutate(fields, {
      onError: (error) => {
        const failure = asApiError(error);
        const refused = refusedFields(failure);
        setProblems(refused);
        focusFirst(refused);
        sayError(failure, t("action.copy_details"));
      },
    });
  };
  const generate = async (name: "token" | "encoding_aes_key") => {
    try {
      const made = await api.post<ChannelSecret>("/channels/generate-secret");
      set(name, made[name]);
    } catch (error) {
      sayError(error, t("action.copy_details"));
    }
  };
  const text = (
    name: "name" | "original_id" | "app_id" | "app_secret" | "token" | "encoding_aes_key",
  ) => ({
    name,
    label: t(`field.${name}`),
    value: fields[name],
    onChange: (event: { currentTarget: HTMLInputElement }) => set(name, event.currentTarget.value),
    error: problems[name],
    "data-testid": `field-${name}`,
    autoComplete: "off",
    spellCheck: false,
  });
  const chosen = departments.filter((one) => fields.department_ids.includes(one.id));

  return (
    <>
      <Crumbs withList />
      <div className="page-head">
        <h1>{t(title)}</h1>
      </div>
      <form className="form" ref={form} onSubmit={submit} noValidate>
        <IconPicker current={channel?.icon_url ?? null} icon={icon} onIcon={setIcon} />
        <TextInput {...text("name")} withAsterisk />
        <DepartmentChecks
          label={t("field.departments")}
          hint={t("field.departments.hint")}
          required
          chosen={fields.department_ids}
          problem={problems.department_ids}
          onChoose={(ids) => {
            set("department_ids", ids);
            const kept = ids.includes(fields.default_department_id ?? "");
            set("default_department_id", kept ? fields.default_department_id : (ids[0] ?? null));
          }}
        />
        {chosen.length > 1 && (
          <Choice
            label={t("field.default_department")}
            options={chosen.map(({ id, name }) => ({ value: id, label: name }))}
            value={fields.default_department_id ?? ""}
            onChoose={(id) => set("default_department_id", id)}
          />
        )}

        <h2 className="form-section">{t("channel.account")}</h2>
        <TextInput
          {...text("original_id")}
          withAsterisk
          description={doubts.original_id ?? t("field.original_id.hint")}
        />
        <TextInput
          {...text("app_id")}
          withAsterisk
          description={doubts.app_id ?? t("field.app_id.hint")}
        />
        <TextInput
          {...text("app_secret")}
          type="password"
          autoComplete="new-password"
          withAsterisk={!secretKept}
          placeholder={secretKept ? "•••••••" : undefined}
          description={t(secretKept ? "field.app_secret.kept" : "field.app_secret.hint")}
        />
        <Choice
          label={t("field.account_kind")}
          options={(["service", "subscription", "enterprise", "test"] as const).map((value) => ({
            value,
            label: t(`channel.kind.${value}`),
          }))}
          value={fields.account_kind}
          onChoose={(value) => set("account_kind", value)}
        />
        <Checkbox
          label={t("field.verified")}
          description={t("field.verified.hint")}
          checked={fields.verified}
          onChange={(event) => set("verified", event.currentTarget.checked)}
        />
        <Choice
          label={t("field.region")}
          description={t("field.region.hint")}
          options={(["mainland_china", "other"] as const).map((value) => ({
            value,
            label: t(`channel.region.${value}`),
          }))}
          value={fields.region}
          onChoose={(value) => set("region", value)}
        />

        <h2 className="form-section">{t("channel.at_wechat")}</h2>
        <div className="form-row">
          <TextInput {...text("token")} description={t("field.token.hint")} />
          <Button
            variant="default"
            onClick={() => void generate("token")}
            data-testid="generate-token"
          >
            {t("field.generate")}
          </Button>
        </div>
        <div className="form-row">
          <TextInput {...text("encoding_aes_key")} description={t("field.encoding_aes_key.hint")} />
          <Button
            variant="default"
            onClick={() => void generate("encoding_aes_key")}
            data-testid="generate-key"
          >
            {t("field.generate")}
          </Button>
        </div>
        <Choice
          label={t("field.encryption_mode")}
          description={t("field.encryption_mode.hint")}
          options={(["plain", "compatible", "safe"] as const).map((value) => ({
            value,
            label: t(`channel.mode.${value}`),
          }))}
          value={fields.encryption_mode}
          onChoose={(value) => set("encryption_mode", value)}
          data-testid="field-encryption_mode"
        />
        <Choice
          label={t("field.reply_policy")}
          description={t("field.reply_policy.hint")}
          options={(["documented", "wechat_current"] as const).map((value) => ({
            value,
            label: t(`channel.policy.${value}`),
          }))}
          value={fields.reply_policy}
          onChoose={(value) => set("reply_policy", value)}
        />
        <Checkbox
          label={t("survey.ask")}
          description={t(fields.region === "other" ? "survey.ask.region" : "survey.ask.hint")}
          disabled={fields.region === "other"}
          checked={fields.survey_enabled && fields.region !== "other"}
          onChange={(event) => set("survey_enabled", event.currentTarget.checked)}
          data-testid="field-survey_enabled"
        />
        {fields.survey_enabled && fields.region !== "other" && (
          <SurveyFields
            scale={fields.survey_scale}
            question={fields.survey_question}
            problem={problems.survey_question}
            onScale={(scale) => set("survey_scale", scale)}
            onQuestion={(question) => set("survey_question", question)}
          />
        )}
        <div className="form-end">
          <Button variant="default" component={Link} to="/settings/channels/wechat">
            {t("action.cancel")}
          </Button>
          <Button type="submit" loading={save.isPending} data-testid="save-channel">
            {t("action.save")}
          </Button>
        </div>
      </form>
    </>
  );
}
