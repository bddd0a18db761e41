/** Who can sign in, and adding somebody. */
import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { agentsQuery, useNames } from "../../api/directory";
import type { Agent } from "../../api/types";
import { Avatar } from "../../components/Avatar";
import { ErrorNotice, Notice } from "../../components/Notice";
import { AddAgent } from "./AddAgent";

export function Agents() {
  const { t } = useTranslation();
  const list = useQuery(agentsQuery);
  const [adding, setAdding] = useState(false);
  return (
    <>
      <div className="page-head">
        <h1>{t("settings.agents")}</h1>
        <Button onClick={() => setAdding(true)} data-testid="add-agent">
          {t("agents.add")}
        </Button>
      </div>
      {list.isPending && <Skeleton height={200} radius={10} />}
      {list.isError && <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />}
      {list.data?.length === 0 && <Notice icon="users" title={t("agents.empty")} />}
      {list.data && list.data.length > 0 && (
        <div className="table-box">
          <table className="table">
            <thead>
              <tr>
                <th className="lead">{t("agents.column.name")}</th>
                <th style={{ width: 146 }}>{t("agents.column.role")}</th>
                <th className="wide">{t("agents.column.departments")}</th>
                <th className="wide" style={{ width: 110 }}>
                  {t("agents.column.state")}
                </th>
              </tr>
            </thead>
            <tbody>
              {list.data.map((agent) => (
                <AgentRow key={agent.id} agent={agent} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <AddAgent opened={adding} onClose={() => setAdding(false)} />
    </>
  );
}

function AgentRow({ agent }: { agent: Agent }) {
  const { t } = useTranslation();
  const names = useNames();
  return (
    <tr data-testid="agent-row">
      <td className="wrap">
        <span style={{ display: "flex", alignItems: "center", gap: 10 }}>
          <Avatar id={agent.id} name={agent.name} size={32} />
          <span style={{ minWidth: 0 }}>
            <b style={{ fontWeight: 600 }}>{agent.name}</b>
            <span className="small dim one-line" style={{ display: "block" }}>
              {agent.email}
            </span>
          </span>
        </span>
      </td>
      <td>{t(`role.${agent.role}`)}</td>
      <td className="wide wrap">{agent.department_ids.map(names.department).join(", ")}</td>
      <td className="wide">
        <span className="tag" data-tone={agent.state === "active" ? "active" : "disabled"}>
          {t(`agents.state.${agent.state}`)}
        </span>
      </td>
    </tr>
  );
}
