/** From a saved channel to its first message: steps that tick themselves while one works in the other window. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Channel } from "../../api/types";
import { Icon } from "../../components/Icon";
import { preciseTime } from "../../format/time";
import { messageReason } from "../../i18n/words";
import { ChannelDetailsValues } from "./ChannelDetailsValues";
import { AddressList } from "./channel/AddressList";
import { ChannelQr } from "./channel/ChannelQr";
import { setupStepsQuery, stepOf } from "./channel/setupSteps";
import { channelCheckQuery } from "./channelCheck";
import { callbackProblem, connection, type StepState } from "./connection";
import { Paths } from "./WhereFound";

/** A channel that is off has nothing to call WeChat for; it is asked only when somebody wants to know. */
function useCheck(channel: Channel) {
  return useQuery({ ...channelCheckQuery(channel.id), enabled: channel.state === "active" });
}

export function ChannelDetailsSteps({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const check = useCheck(channel);
  const steps = useQuery(setupStepsQuery).data ?? [];
  const listed = stepOf(steps, "allow_list")?.done ?? false;
  const { credentials, verified, firstMessage, complete } = connection(
    channel,
    check.data,
    listed || channel.account_kind === "test",
  );
  return (
    <div className="card connect" data-testid="at-wechat" data-complete={complete || undefined}>
      <h2>{t(complete ? "connect.complete" : "connect.title")}</h2>
      <p>{t(complete ? "connect.complete.hint" : "connect.hint")}</p>
      <ol className="steps">
        <Step state={credentials} title={t("connect.credentials")} name="credentials">
          <Credentials channel={channel} />
        </Step>
        <Step state={verified} title={t("connect.submit")} name="verified">
          <Verification channel={channel} />
          {verified !== "done" && <Submit channel={channel} />}
        </Step>
        <Step state={firstMessage} title={t("connect.hello")} name="first-message">
          <Hello channel={channel} />
        </Step>
      </ol>
      {verified === "done" && (
        <details className="values">
          <summary>{t("channel.at_wechat")}</summary>
          <ChannelDetailsValues channel={channel} />
        </details>
      )}
    </div>
  );
}

interface StepProps {
  state: StepState;
  title: string;
  name: string;
  children: ReactNode;
}

function Step({ state, title, name, children }: StepProps) {
  const { t } = useTranslation();
  return (
    <li data-state={state} data-testid={`step-${name}`}>
      <span className="step-mark">
        {state === "done" && <Icon name="check" size={14} />}
        {state === "problem" && <Icon name="alert" size={14} />}
        <span className="sr-only">{t(`connect.state.${state}`)}</span>
      </span>
      <div>
        <h3>{title}</h3>
        {children}
      </div>
    </li>
  );
}

function Credentials({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const check = useCheck(channel);
  const failed = check.data?.ok === false;
  return (
    <>
      <div role="status" data-testid="check-result">
        {check.isFetching && <p className="dim">{t("connect.checking")}</p>}
        {!check.isFetching && check.data?.ok && <p className="ok">{t("connect.credentials.ok")}</p>}
        {!check.isFetching && failed && (
          <p className="warn">
            {t("connect.credentials.failed", { reason: messageReason(check.data?.code ?? "") })}
          </p>
        )}
        {!check.isFetching && check.isError && <p className="warn">{t("connect.check_failed")}</p>}
        {!check.isFetching && !check.data && !check.isError && (
          <p className="dim">{t("connect.credentials.hint")}</p>
        )}
      </div>
      {check.data?.code === "wechat_40164" && (
        <>
          <Paths place="allow_list" test={channel.account_kind === "test"} />
          <AddressList channelId={channel.id} />
        </>
      )}
      <div className="buttons">
        <Button
          size="xs"
          variant="default"
          loading={check.isFetching}
          onClick={() => void check.refetch()}
          data-testid="check-credentials"
        >
          {t("connect.check")}
        </Button>
        <ToTab channel={channel} tab="doctor" label={t("connect.addresses")} />
      </div>
    </>
  );
}

function ToTab(props: { channel: Channel; tab: "doctor" | "automation"; label: string }) {
  const { channel, tab, label } = props;
  return (
    <Button
      size="xs"
      variant="default"
      component={Link}
      to={`/settings/channels/wechat/${channel.id}/${tab}` as "/settings"}
    >
      {label}
    </Button>
  );
}

/** "Verified 12:03", or why not. */
function Verification({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const problem = callbackProblem(channel);
  return (
    <div role="status">
      {channel.url_verified_at && (
        <p className="ok" data-testid="url-verified">
          {t("channel.url_verified", { time: preciseTime(channel.url_verified_at) })}
        </p>
      )}
      {problem && (
        <p className="warn" data-testid="callback-problem">
          {preciseTime(problem.at)} · {t(`connect.problem.${problem.code}`)}
        </p>
      )}
      {!channel.url_verified_at && !problem && (
        <p className="dim">{t("channel.waiting_verification")}</p>
      )}
    </div>
  );
}

function Submit({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const test = channel.account_kind === "test";
  return (
    <>
      {!test && (
        <div className="form-notice">
          <Icon name="alert" />
          <div>
            <strong>{t("connect.takes_over")}</strong>
            <p>{t("connect.takes_over.hint")}</p>
            <ToTab channel={channel} tab="automation" label={t("connect.takes_over.link")} />
          </div>
        </div>
      )}
      <ol className="how">
        <li>
          {t(test ? "connect.how.open_test" : "connect.how.open")}
          <Paths place="callback" test={test} />
        </li>
        <li>
          {t(test ? "connect.how.paste_test" : "connect.how.paste")}
          <ChannelDetailsValues channel={channel} />
        </li>
        <li>{t("connect.how.submit")}</li>
      </ol>
    </>
  );
}

function Hello({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  if (!channel.first_message_at) {
    return (
      <>
        <p className="dim">{t("connect.hello.hint")}</p>
        <ChannelQr channel={channel} />
      </>
    );
  }
  return (
    <>
      <p className="ok" role="status" data-testid="first-message">
        {t("connect.hello.arrived", { time: preciseTime(channel.first_message_at) })}
      </p>
      {channel.first_conversation_id && (
        <div className="buttons">
          <Button
            size="xs"
            variant="default"
            renderRoot={(root) => (
              <Link
                to="/inbox/$conversationId"
                params={{ conversationId: channel.first_conversation_id ?? "" }}
                search={{ view: "all" }}
                {...root}
              />
            )}
            data-testid="open-first-conversation"
          >
            {t("connect.hello.open")}
          </Button>
        </div>
      )}
    </>
  );
}
