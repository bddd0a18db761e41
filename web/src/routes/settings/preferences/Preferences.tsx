/** Preferences of one department: who answers which channel, and when a new ticket begins. */
import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { departmentsQuery } from "../../../api/directory";
import { preferencesQuery } from "../../../api/preferences";
import type { Department } from "../../../api/types";
import { Choice } from "../../../components/Choice";
import { ErrorNotice, Notice } from "../../../components/Notice";
import type { PreferencesSearch } from "../../../router";
import { AgentsTab } from "./AgentsTab";
import { TicketsTab } from "./TicketsTab";
import "./preferences.css";

const tabs = ["agents", "tickets"] as const;
const FROM = "/desk/settings/set-up/channels/preferences";

export function Preferences() {
  const { t } = useTranslation();
  const departments = useQuery(departmentsQuery);
  const first = departments.data?.[0];
  return (
    <>
      <div className="page-head">
        <h1>{t("preferences.title")}</h1>
      </div>
      {departments.isPending && <Skeleton height={320} radius={10} />}
      {departments.isError && (
        <ErrorNotice error={departments.error} onRetry={() => void departments.refetch()} />
      )}
      {departments.data && !first && (
        <Notice icon="building" title={t("departments.empty")} hint={t("departments.empty.hint")}>
          <Button component={Link} to="/settings/departments">
            {t("departments.add")}
          </Button>
        </Notice>
      )}
      {departments.data && first && <OfDepartment departments={departments.data} first={first} />}
    </>
  );
}

function OfDepartment({ departments, first }: { departments: Department[]; first: Department }) {
  const { t } = useTranslation();
  const search = useSearch({ from: FROM });
  const navigate = useNavigate();
  const tab = search.tab ?? "agents";
  const department = departments.find(({ id }) => id === search.department) ?? first;
  const preferences = useQuery(preferencesQuery(department.id));
  const go = (change: PreferencesSearch) =>
    void navigate({
      to: "/settings/channels/preferences",
      search: { ...search, ...change },
      replace: true,
    });
  return (
    <>
      <Choice
        className="preferences-department"
        label={t("panel.department")}
        options={departments.map(({ id, name }) => ({ value: id, label: name }))}
        value={department.id}
        onChoose={(id) => go({ department: id, channel: undefined })}
        data-testid="preferences-department"
      />
      <div className="channel-tabs" role="tablist" aria-label={t("preferences.title")}>
        {tabs.map((one) => (
          <button
            key={one}
            type="button"
            role="tab"
            aria-selected={tab === one}
            onClick={() => go({ tab: one === "agents" ? undefined : one })}
            data-testid={`preferences-tab-${one}`}
          >
            {t(`preferences.tab.${one}`)}
          </button>
        ))}
      </div>
      {preferences.isPending && <Skeleton height={240} radius={10} />}
      {preferences.isError && (
        <ErrorNotice error={preferences.error} onRetry={() => void preferences.refetch()} />
      )}
      {preferences.data && tab === "agents" && (
        <AgentsTab department={department} preferences={preferences.data} />
      )}
      {preferences.data && tab === "tickets" && (
        <TicketsTab
          preferences={preferences.data}
          channelId={search.channel}
          onChannel={(channel) => go({ channel })}
        />
      )}
    </>
  );
}

/** A department without a channel has nothing to set. */
export function NoChannel() {
  const { t } = useTranslation();
  return (
    <Notice icon="chat" title={t("preferences.no_channel")} hint={t("preferences.no_channel.hint")}>
      <Button component={Link} to="/settings/channels/wechat">
        {t("preferences.to_channels")}
      </Button>
    </Notice>
  );
}
