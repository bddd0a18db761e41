/** What customers said in the last days: how many were asked and answered, how they judged, what they wrote. */
import { Button, Skeleton } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { useMay } from "../../api/directory";
import { keys } from "../../api/keys";
import type { Channel, SurveyFigures as Figures } from "../../api/types";
import { ErrorNotice, Notice } from "../../components/Notice";
import { fullTime, preciseTime } from "../../format/time";
import { fieldErrorText, messageReason } from "../../i18n/words";
import "./surveyFigures.css";

const periods = [7, 30, 90] as const;
type Period = (typeof periods)[number];

const figuresQuery = (id: string, days: Period) => ({
  queryKey: keys.surveyFigures(id, days),
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    api.get<Figures>(`/channels/${id}/survey-figures`, { days }, signal),
  staleTime: 0,
  placeholderData: keepPreviousData,
});

export function SurveyFigures({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const [days, setDays] = useState<Period>(30);
  const query = useQuery(figuresQuery(channel.id, days));
  const figures = query.data;
  if (query.isPending) return <Skeleton height={320} radius={10} />;
  if (!figures) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  const nothing = figures.asked + total(figures.not_applicable) + total(figures.failed) === 0;
  return (
    <div data-testid="survey-figures">
      <div className="figures-head">
        <fieldset className="state-choice">
          {periods.map((value) => (
            <button
              key={value}
              type="button"
              aria-pressed={value === days}
              onClick={() => setDays(value)}
              data-testid={`days-${value}`}
            >
              {t("figures.days", { count: value })}
            </button>
          ))}
        </fieldset>
        <span className="small dim">{t("figures.zone", { zone: figures.time_zone })}</span>
      </div>
      {figures.impossible && !nothing && (
        <p className="figures-note" role="status" data-testid="impossible">
          <b>{t("figures.impossible")}:</b> {fieldErrorText(figures.impossible)}
        </p>
      )}
      {nothing ? (
        <Nothing channel={channel} figures={figures} />
      ) : (
        <div data-stale={query.isPlaceholderData || undefined}>
          <Numbers figures={figures} />
          {figures.scales.map((scale) => (
            <Answers key={scale.scale} scale={scale} />
          ))}
          <Reasons title="figures.not_applicable" rows={figures.not_applicable} />
          <Reasons title="figures.failed" rows={figures.failed} />
          <Comments figures={figures} />
        </div>
      )}
    </div>
  );
}

const total = (rows: Figures["failed"]) => rows.reduce((sum, row) => sum + row.count, 0);

function Nothing({ channel, figures }: { channel: Channel; figures: Figures }) {
  const { t } = useTranslation();
  const manages = useMay("channels.manage");
  const count = figures.closed_tickets;
  if (figures.impossible) {
    const why = fieldErrorText(figures.impossible);
    const closed = count > 0 ? `\n${t("figures.empty.impossible", { count })}` : "";
    return <Notice icon="block" title={t("figures.impossible")} hint={`${why}${closed}`} />;
  }
  return (
    <Notice
      icon="done"
      title={t("figures.empty", { count: figures.days })}
      hint={t(figures.enabled ? "figures.empty.hint" : "figures.empty.off", { count })}
    >
      {!figures.enabled && manages && channel.state !== "deleted" && (
        <Button component={Link} to={`/settings/channels/wechat/${channel.id}/edit` as "/settings"}>
          {t("figures.switch_on")}
        </Button>
      )}
    </Notice>
  );
}

function Numbers({ figures }: { figures: Figures }) {
  const { t, i18n } = useTranslation();
  const percent = new Intl.NumberFormat(i18n.language, { style: "percent" });
  const numbers = [
    ["closed", figures.closed_tickets],
    ["asked", figures.asked],
    ["answered", figures.answered],
    ["rate", figures.answer_rate === null ? "–" : percent.format(figures.answer_rate)],
  ] as const;
  return (
    <dl className="numbers">
      {numbers.map(([name, value]) => (
        <div key={name} data-testid={`figure-${name}`}>
          <dt>{t(`figures.${name}`)}</dt>
          <dd className="tabular">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const best = { one_to_five: 5, good_ok_bad: 3 } as const;

/** A bar for each score; its length is the share of all answers, its number is beside it. */
function Answers({ scale }: { scale: Figures["scales"][number] }) {
  const { t, i18n } = useTranslation();
  const average = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 });
  return (
    <section className="card" data-testid={`scale-${scale.scale}`}>
      <h2>
        {t("figures.answers")}
        {scale.scale === "one_to_five" && (
          <span className="figures-average tabular">
            {t("figures.average", {
              average: average.format(scale.average),
              best: best[scale.scale],
            })}
          </span>
        )}
      </h2>
      <ul className="bars">
        {scale.scores.map(({ score, count }) => (
          <li key={score}>
            <span>
              {scale.scale === "one_to_five" && <b className="tabular">{score} </b>}
              {t(`survey.score.${scale.scale}.${score}`)}
            </span>
            <span className="bar" aria-hidden="true">
              <span style={{ width: `${(100 * count) / scale.answered}%` }} />
            </span>
            <span className="tabular">{count}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface ReasonsProps {
  title: "figures.not_applicable" | "figures.failed";
  rows: Figures["failed"];
}

function Reasons({ title, rows }: ReasonsProps) {
  const { t } = useTranslation();
  if (rows.length === 0) return null;
  return (
    <section className="card" data-testid={title}>
      <h2>{t(title, { count: total(rows) })}</h2>
      <p>{t(`${title}.hint`)}</p>
      <ul className="reasons">
        {rows.map(({ reason, count }) => (
          <li key={reason}>
            <span>{messageReason(reason)}</span>
            <span className="tabular">{count}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Comments({ figures }: { figures: Figures }) {
  const { t } = useTranslation();
  return (
    <section className="card" data-testid="comments">
      <h2>{t("figures.comments")}</h2>
      {figures.comments.length === 0 && <p>{t("figures.comments.none")}</p>}
      <ul className="comments">
        {figures.comments.map((one) => (
          <li key={one.ticket_id}>
            <blockquote>{one.comment}</blockquote>
            <span className="small dim">
              {one.score !== null && t(`survey.score.${one.scale}.${one.score}`)}
              {one.answered_at && (
                <time dateTime={one.answered_at} title={fullTime(one.answered_at)}>
                  {" · "}
                  {preciseTime(one.answered_at)}
                </time>
              )}
              {" · "}
              <Link to="/tickets/$ticketId" params={{ ticketId: one.ticket_id }}>
                {t("figures.ticket", { number: one.ticket_id.replace(/^tk_/, "") })}
              </Link>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
