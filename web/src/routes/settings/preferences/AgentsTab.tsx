/** The members of a department, each with the channels they answer. */
import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { agentsQuery, useNames } from "../../../api/directory";
import type { Agent, Department, Preferences } from "../../../api/types";
import { Avatar } from "../../../components/Avatar";
import { ErrorNotice, Notice } from "../../../components/Notice";
import { ChannelIcon } from "../ChannelIcon";
import { AssociateDialog } from "./AssociateDialog";
import { NoChannel } from "./Preferences";

interface Props {
  department: Department;
  preferences: Preferences[];
}

export function AgentsTab({ department, preferences }: Props) {
  const { t } = useTranslation();
  const agents = useQuery(agentsQuery);
  const [asked, setAsked] = useState<Agent | null>(null);
  if (agents.isPending) return <Skeleton height={240} radius={10} />;
  if (agents.isError) {
    return <ErrorNotice error={agents.error} onRetry={() => void agents.refetch()} />;
  }
  const members = agents.data.filter(
    (agent) => agent.state === "active" && agent.department_ids.includes(department.id),
  );
  if (members.length === 0) {
    return (
      <Notice
        icon="users"
        title={t("preferences.no_members", { name: department.name })}
        hint={t("preferences.no_members.hint")}
      >
        <Button component={Link} to="/settings/agents">
          {t("preferences.to_agents")}
        </Button>
      </Notice>
    );
  }
  if (preferences.length === 0) return <NoChannel />;
  return (
    <>
      <p className="dim preferences-hint">{t("preferences.agents.hint")}</p>
      <div className="table-box">
        <table className="table preferences-agents">
          <thead>
            <tr>
              <th>{t("panel.assignee")}</th>
              <th>{t("preferences.channels")}</th>
              <th className="preferences-do" aria-label={t("action.more")} />
            </tr>
          </thead>
          <tbody>
            {members.map((agent) => (
              <AgentRow
                key={agent.id}
                agent={agent}
                preferences={preferences}
                onAsk={() => setAsked(agent)}
              />
            ))}
          </tbody>
        </table>
      </div>
      {asked && (
        <AssociateDialog
          key={asked.id}
          department={department}
          agent={asked}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}

interface RowProps {
  agent: Agent;
  preferences: Preferences[];
  onAsk: () => void;
}

function AgentRow({ agent, preferences, onAsk }: RowProps) {
  const { t } = useTranslation();
  const names = useNames();
  const own = preferences.filter((one) => one.agent_ids.includes(agent.id));
  return (
    <tr data-testid="preferences-agent">
      <td className="wrap">
        <span className="preferences-who">
          <Avatar id={agent.id} name={agent.name} size={28} />
          <span>
            {agent.name}
            <span className="small dim preferences-role">{t(`role.${agent.role}`)}</span>
          </span>
        </span>
      </td>
      <td className="wrap">
        {own.length === 0 && <span className="dim">{t("preferences.none_yet")}</span>}
        <span className="preferences-channels">
          {own.map(({ channel_id }) => {
            const channel = names.channel(channel_id);
            return (
              <span className="preferences-channel" key={channel_id}>
                <ChannelIcon url={channel?.icon_url} small />
                {channel?.name}
              </span>
            );
          })}
        </span>
      </td>
      <td className="preferences-do">
        <Button variant="default" size="xs" onClick={onAsk} data-testid="associate">
          {t("preferences.associate")}
        </Button>
      </td>
    </tr>
  );
}
