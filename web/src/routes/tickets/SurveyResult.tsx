/** What became of a ticket's survey: the score in words, the comment, or why there is none. */
import { useTranslation } from "react-i18next";
import type { Ticket } from "../../api/types";
import { fullTime, preciseTime } from "../../format/time";
import { messageReason } from "../../i18n/words";

type Survey = NonNullable<Ticket["survey"]>;

export function SurveyResult({ survey }: { survey: Ticket["survey"] }) {
  const { t } = useTranslation();
  if (!survey) return null;
  return (
    <div className="survey-result" data-testid="survey-result" data-state={survey.state}>
      <h3>{t("survey.heading")}</h3>
      {survey.state === "answered" ? <Answer survey={survey} /> : <NoAnswer survey={survey} />}
    </div>
  );
}

const best = { one_to_five: 5, good_ok_bad: 3 } as const;

function Answer({ survey }: { survey: Survey }) {
  const { t } = useTranslation();
  return (
    <>
      <p className="survey-score">
        <b className="tabular">
          {survey.score}
          <span className="dim">/{best[survey.scale]}</span>
        </b>
        {t(`survey.score.${survey.scale}.${survey.score}`)}
      </p>
      {survey.comment && <blockquote className="survey-comment">{survey.comment}</blockquote>}
      {survey.answered_at && (
        <time
          className="small dim"
          dateTime={survey.answered_at}
          title={fullTime(survey.answered_at)}
        >
          {t("survey.answered_at", { time: preciseTime(survey.answered_at) })}
        </time>
      )}
    </>
  );
}

function NoAnswer({ survey }: { survey: Survey }) {
  const { t } = useTranslation();
  const reason = messageReason(survey.reason);
  if (survey.state === "sent") return <p className="dim">{t("survey.sent")}</p>;
  return (
    <p className="dim">
      {survey.state === "failed"
        ? t("survey.failed", { reason })
        : t("survey.not_applicable", { reason })}
    </p>
  );
}
