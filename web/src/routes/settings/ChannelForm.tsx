/** Creates and edits a WeChat channel. Nothing that was typed is lost when saving fails or somebody else saves. */
import { Button, Skeleton } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, Navigate, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type ApiError, api, asApiError } from "../../api/client";
import { channelsQuery, departmentsQuery } from "../../api/directory";
import { keys } from "../../api/keys";
import type { Channel } from "../../api/types";
import { Icon } from "../../components/Icon";
import { ErrorNotice } from "../../components/Notice";
import { say, sayError } from "../../components/toasts";
import { errorText, fieldErrorText } from "../../i18n/words";
import { ChannelFormConflict } from "./ChannelFormConflict";
import {
  Account,
  Callback,
  Customers,
  type FormPart,
  NameAndDepartments,
  Replies,
} from "./ChannelFormSections";
import { Crumbs } from "./Crumbs";
import { chosenFields, setupStepsQuery } from "./channel/setupSteps";
import { channelCheckQuery } from "./channelCheck";
import {
  bodyOf,
  type ChannelFields,
  emptyChannel,
  fieldNames,
  fieldsOf,
  sameFields,
} from "./channelFields";
import { mergeChannel, otherChanges } from "./channelMerge";
import { channelQuery } from "./channelQuery";
import { channelProblems, type FieldTexts, withinLimits } from "./channelRules";
import { IconPicker } from "./IconPicker";
import { LeaveGuard } from "./LeaveGuard";

/** The first channel of a desk begins with the wizard; it leads here, and can be skipped. */
export function AddChannel() {
  const { t } = useTranslation();
  const { direct } = useSearch({ strict: false });
  const departments = useQuery(departmentsQuery);
  const channels = useQuery(channelsQuery(true));
  const steps = useQuery(setupStepsQuery);
  if (departments.isPending || channels.isPending || steps.isPending) {
    return <Skeleton height={480} radius={10} />;
  }
  if (channels.data?.length === 0 && !direct) {
    return <Navigate to="/settings/channels/wechat/wizard" replace />;
  }
  // Where there is nothing to choose, nothing is asked.
  const only = departments.data?.length === 1 ? departments.data[0] : undefined;
  const initial = {
    ...emptyChannel,
    ...(only && { department_ids: [only.id], default_department_id: only.id }),
    ...(direct && chosenFields(steps.data ?? [])),
  };
  return (
    <ChannelForm title="channels.add_title" initial={withinLimits(initial)} channel={null}>
      <p className="form-guide">
        {t("wizard.offer")}{" "}
        <Link to="/settings/channels/wechat/wizard">{t("wizard.offer.link")}</Link>
      </p>
    </ChannelForm>
  );
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
      initial={fieldsOf(channel.data)}
    />
  );
}

interface Props {
  title: "channels.add_title" | "channels.edit_title";
  initial: ChannelFields;
  /** As it is stored now: it changes while this form is open when somebody else saves. */
  channel: Channel | null;
  children?: React.ReactNode;
}

function useSave(base: Channel | null, icon: Blob | null, onSaved: () => void) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation<Channel, unknown, ChannelFields>({
    mutationFn: (fields) =>
      base
        ? api.patch<Channel>(`/channels/${base.id}`, bodyOf(fields, base))
        : api.post<Channel>("/channels", bodyOf(fields, null)),
    onSuccess: async (saved) => {
      onSaved();
      say(t(base ? "channel.saved" : "channel.created"));
      if (icon) {
        await api
          .upload("PUT", `/channels/${saved.id}/icon`, icon, "icon")
          .catch((error) =>
            say(t("channel.icon_failed", { reason: errorText(asApiError(error)) })),
          );
      }
      await client.invalidateQueries({ queryKey: keys.channels });
      // Whether the credentials work is said on the details page; it keeps nobody from getting there.
      void client.prefetchQuery({ ...channelCheckQuery(saved.id), staleTime: 0 });
      await navigate({
        to: "/settings/channels/wechat/$channelId",
        params: { channelId: saved.id },
      });
    },
  });
}

/** The desk's answers per field, in words. */
function refusedFields(error: ApiError): FieldTexts {
  const texts: FieldTexts = {};
  for (const [name, code] of Object.entries(error.fields)) {
    const field = name === "custom_policy" ? "window_hours" : (name as keyof ChannelFields);
    if (fieldNames.includes(field)) texts[field] = fieldErrorText(code);
  }
  return texts;
}

/** The first wrong field, in the order of the form. */
function focusFirst(form: HTMLFormElement | null, found: FieldTexts) {
  const first = fieldNames.find((name) => found[name]);
  requestAnimationFrame(() =>
    form?.querySelector<HTMLElement>(`[name="${first}"]:not([type="hidden"])`)?.focus(),
  );
}

/** What this form began with, and what is stored now, as long as nobody has taken that over. */
function useBase(channel: Channel | null, initial: ChannelFields) {
  const [base, setBase] = useState({ channel, fields: initial });
  const live = channel && channel.version !== base.channel?.version ? channel : null;
  return { base, live, take: () => live && setBase({ channel: live, fields: fieldsOf(live) }) };
}

function ChannelForm({ title, initial, channel, children }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { base, live, take } = useBase(channel, initial);
  const [fields, setFields] = useState(initial);
  const [problems, setProblems] = useState<FieldTexts>({});
  const [icon, setIcon] = useState<Blob | null>(null);
  const element = useRef<HTMLFormElement>(null);
  const saved = useRef(false);
  const save = useSave(base.channel, icon, () => {
    saved.current = true;
  });
  const unsaved = () => !saved.current && (icon !== null || !sameFields(fields, base.fields));
  const changes = live ? otherChanges(base.fields, fields, fieldsOf(live)) : [];
  const takeOver = () => {
    if (!live) return;
    setFields(mergeChannel(base.fields, fields, fieldsOf(live)));
    take();
  };
  // The other's change is nothing that this form shows, or the same as here: there is nothing to ask.
  const silent = live !== null && changes.length === 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each change of the other
  useEffect(() => {
    if (silent) takeOver();
  }, [silent]);

  const form: FormPart = {
    fields,
    problems,
    secretKept: Boolean(base.channel?.app_secret),
    set: (name, value) => {
      setFields((old) => withinLimits({ ...old, [name]: value }));
      setProblems(({ [name]: _, ...rest }) => rest);
    },
  };
  const refuse = (found: FieldTexts) => {
    setProblems(found);
    focusFirst(element.current, found);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = channelProblems(fields, form.secretKept);
    refuse(found);
    if (Object.keys(found).length > 0 || changes.length > 0) return;
    save.mutate(fields, {
      onError: (error) => {
        const failure = asApiError(error);
        refuse(refusedFields(failure));
        sayError(failure, t("action.copy_details"));
        if (failure.status === 409) void client.invalidateQueries({ queryKey: keys.channels });
      },
    });
  };
  const back = base.channel
    ? `/settings/channels/wechat/${base.channel.id}`
    : "/settings/channels/wechat";
  return (
    <>
      <Crumbs withList />
      <div className="page-head">
        <h1>{t(title)}</h1>
      </div>
      {children}
      <form className="form" ref={element} onSubmit={submit} noValidate>
        <IconPicker current={channel?.icon_url ?? null} icon={icon} onIcon={setIcon} />
        <NameAndDepartments form={form} />
        <Account form={form} />
        <Callback form={form} />
        <Replies form={form} />
        <Customers form={form} />
        <div className="form-bar">
          {live && changes.length > 0 && (
            <ChannelFormConflict channel={live} changes={changes} onTake={takeOver} />
          )}
          {Object.keys(problems).length > 0 && (
            <p className="field-error" role="alert" data-testid="form-problems">
              <Icon name="alert" size={16} />
              {t("form.problems", { count: Object.keys(problems).length })}
            </p>
          )}
          <div className="form-end">
            <Button variant="default" component={Link} to={back as "/settings"}>
              {t("action.cancel")}
            </Button>
            <Button
              type="submit"
              loading={save.isPending}
              disabled={changes.length > 0}
              data-testid="save-channel"
            >
              {t("action.save")}
            </Button>
          </div>
        </div>
      </form>
      <LeaveGuard unsaved={unsaved} />
    </>
  );
}
