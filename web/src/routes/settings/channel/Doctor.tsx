/** What works and what does not, with cause and fix. */
import { Button, Skeleton } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api } from "../../../api/client";
import { keys } from "../../../api/keys";
import type { Channel, DoctorLine, DoctorReport } from "../../../api/types";
import { CopyButton } from "../../../components/CopyButton";
import { Icon } from "../../../components/Icon";
import { ErrorNotice, Notice } from "../../../components/Notice";
import { sayError } from "../../../components/toasts";
import { preciseTime } from "../../../format/time";
import { ChannelPage } from "./ChannelPage";
import { DoctorRow, rowId } from "./DoctorRow";
import "./doctor.css";
import { doctorQuery } from "./doctorQuery";
import { isBad, reportText } from "./doctorWords";
import { PrivilegeMatrix } from "./PrivilegeMatrix";

const groups = ["address", "credentials", "pushes", "privileges", "quota"] as const;

export function Doctor() {
  return <ChannelPage>{(channel) => <Examination channel={channel} />}</ChannelPage>;
}

function Examination({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const query = useQuery(doctorQuery(channel.id));
  const examine = useExamine(channel.id);
  const report = query.data;
  if (query.isPending) return <Skeleton height={320} radius={10} />;
  if (!report) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  const busy = examine.isPending || report.state === "running";
  if (report.state === "never") {
    return (
      <Notice icon="hand" title={t("doctor.never")} hint={t("doctor.never.hint")}>
        <Button loading={busy} onClick={() => examine.mutate()}>
          {t("doctor.run")}
        </Button>
      </Notice>
    );
  }
  return (
    <>
      <Summary report={report} channel={channel} busy={busy} onRun={() => examine.mutate()} />
      {groups.map((group) => (
        <Group key={group} group={group} report={report} channel={channel} />
      ))}
      <PrivilegeMatrix capabilities={report.capabilities} />
    </>
  );
}

function useExamine(id: string) {
  const { t } = useTranslation();
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.post<DoctorReport>(`/channels/${id}/doctor`),
    onSuccess: (report) => client.setQueryData(keys.doctor(id), report),
    onError: (error) => sayError(error, t("action.copy_details")),
  });
}

interface SummaryProps {
  report: DoctorReport;
  channel: Channel;
  busy: boolean;
  onRun: () => void;
}

/** How it stands, in one line that can be read from across the room. */
function Summary({ report, channel, busy, onRun }: SummaryProps) {
  const { t } = useTranslation();
  const count = (state: DoctorLine["state"]) =>
    report.checks.filter((line) => line.state === state).length;
  const [failed, warnings] = [count("failed"), count("warning")];
  const tone = busy ? "running" : failed ? "failed" : warnings ? "warning" : "ok";
  return (
    <div className="card doctor-summary" data-tone={tone} data-testid="doctor-summary">
      <Icon name={tone === "ok" ? "done" : tone === "running" ? "clock" : "alert"} size={28} />
      <div>
        <h2 aria-live="polite">
          <Verdict report={report} failed={failed} warnings={warnings} busy={busy} />
        </h2>
        <p className="dim small">
          {report.state === "interrupted" && t("doctor.interrupted")}
          {report.finished_at &&
            !busy &&
            t("doctor.examined_at", { time: preciseTime(report.finished_at) })}
        </p>
        {!busy && <ToBad report={report} />}
        <p className="dim small">{t("doctor.hint")}</p>
      </div>
      <div className="doctor-actions">
        <Button loading={busy} onClick={onRun}>
          {t("doctor.run_again")}
        </Button>
        <Button
          variant="default"
          component={Link}
          to={`/settings/channels/wechat/${channel.id}/edit` as "/settings"}
        >
          {t("doctor.edit")}
        </Button>
        {failed + warnings > 0 && !busy && (
          <CopyButton size="sm" text={reportText(report.checks)} label={t("action.copy_details")} />
        )}
      </div>
    </div>
  );
}

/** The ways to what is wrong, without scrolling for it. */
function ToBad({ report }: { report: DoctorReport }) {
  const { t } = useTranslation();
  const bad = report.checks.filter(isBad);
  if (bad.length === 0) return null;
  return (
    <p className="doctor-to-bad">
      {bad.map((line) => (
        <button
          key={line.check}
          type="button"
          data-state={line.state}
          onClick={() => document.getElementById(rowId(line))?.scrollIntoView({ block: "center" })}
        >
          {t(`doctor.check.${line.check}`)}
        </button>
      ))}
    </p>
  );
}

function Verdict(props: { report: DoctorReport; failed: number; warnings: number; busy: boolean }) {
  const { t } = useTranslation();
  const { report, failed, warnings, busy } = props;
  if (busy) {
    const done = report.checks.filter((line) => line.state !== "running").length;
    return <>{t("doctor.under_way", { done, all: report.checks.length })}</>;
  }
  if (failed + warnings === 0) {
    return <>{report.state === "finished" ? t("doctor.all_well") : t("doctor.title")}</>;
  }
  const parts = [
    failed && t("doctor.failed_count", { n: failed }),
    warnings && t("doctor.warning_count", { n: warnings }),
  ];
  return <>{parts.filter(Boolean).join(" · ")}</>;
}

interface GroupProps {
  group: (typeof groups)[number];
  report: DoctorReport;
  channel: Channel;
}

function Group({ group, report, channel }: GroupProps) {
  const { t } = useTranslation();
  const lines = report.checks.filter((line) => line.group === group);
  if (lines.length === 0) return null;
  return (
    <section className="card doctor-group" data-testid={`doctor-group-${group}`}>
      <h2>{t(`doctor.group.${group}`)}</h2>
      <ul>
        {lines.map((line) => (
          <DoctorRow key={line.check} line={line} channel={channel} />
        ))}
      </ul>
    </section>
  );
}
