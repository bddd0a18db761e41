/** What customers said, channel by channel: for administrators, and for supervisors, who set up nothing else. */
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { channelsQuery } from "../../api/directory";
import { Choice } from "../../components/Choice";
import { ErrorNotice, Notice } from "../../components/Notice";
import { SurveyFigures } from "./SurveyFigures";

export function Surveys() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { channel: asked } = useSearch({ strict: false });
  const list = useQuery(channelsQuery(true));
  const channels = list.data ?? [];
  const channel = channels.find(({ id }) => id === asked) ?? channels[0];
  return (
    <>
      <div className="page-head">
        <h1>{t("settings.surveys")}</h1>
        {channel && channels.length > 1 && (
          <Choice
            aria-label={t("settings.channels")}
            options={channels.map(({ id, name }) => ({ value: id, label: name }))}
            value={channel.id}
            onChoose={(id) =>
              void navigate({ to: "/settings/surveys", search: { channel: id }, replace: true })
            }
            data-testid="survey-channel"
          />
        )}
      </div>
      {list.isPending && <Skeleton height={320} radius={10} />}
      {list.isError && <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && !channel && (
        <Notice icon="done" title={t("figures.no_channel")} hint={t("figures.no_channel.hint")} />
      )}
      {channel && <SurveyFigures key={channel.id} channel={channel} />}
    </>
  );
}
