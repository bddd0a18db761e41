/** Who can sign in: search, invite, change, disable. */
import { Button, Menu, Skeleton, TextInput, VisuallyHidden } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { agentsQuery, useNames } from "../../api/directory";
import { keys } from "../../api/keys";
import type { Agent } from "../../api/types";
import { Avatar } from "../../components/Avatar";
import { Icon } from "../../components/Icon";
import { ErrorNotice, Notice } from "../../components/Notice";
import { say, sayError } from "../../components/toasts";
import { listOf } from "../../format/list";
import { AddAgent } from "./AddAgent";
import { DisableAgent } from "./DisableAgent";
import { EditAgent } from "./EditAgent";
import { InvitationLink, type Invited } from "./InvitationLink";

type Asked = { what: "edit" | "disable"; agent: Agent };

export function Agents() {
  const { t } = useTranslation();
  const list = useQuery(agentsQuery);
  const [adding, setAdding] = useState(false);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [link, setLink] = useState<Invited | null>(null);
  const [sought, setSought] = useState("");
  const term = sought.trim().toLowerCase();
  const found = list.data?.filter(({ name, email }) =>
    `${name} ${email}`.toLowerCase().includes(term),
  );
  const close = () => setAsked(null);
  return (
    <>
      <div className="page-head">
        <h1>{t("settings.agents")}</h1>
        <Button onClick={() => setAdding(true)} data-testid="add-agent">
          {t("agents.add")}
        </Button>
      </div>
      <TextInput
        type="search"
        aria-label={t("agents.search")}
        placeholder={t("agents.search")}
        leftSection={<Icon name="search" size={16} />}
        value={sought}
        onChange={(event) => setSought(event.currentTarget.value)}
        mb="md"
        data-testid="agent-search"
      />
      {list.isPending && <Skeleton height={200} radius={10} />}
      {list.isError && <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />}
      {found?.length === 0 && (
        <Notice icon="users" title={t("agents.none_found")} hint={t("agents.none_found.hint")}>
          <Button variant="default" onClick={() => setSought("")}>
            {t("action.clear")}
          </Button>
        </Notice>
      )}
      {found && found.length > 0 && (
        <div className="table-box">
          <table className="table">
            <thead>
              <tr>
                <th>{t("agents.column.name")}</th>
                <th style={{ width: 148 }}>{t("agents.column.role")}</th>
                <th className="wide">{t("agents.column.departments")}</th>
                <th className="wide" style={{ width: 116 }}>
                  {t("agents.column.state")}
                </th>
                <th style={{ width: 52 }}>
                  <VisuallyHidden>{t("action.more")}</VisuallyHidden>
                </th>
              </tr>
            </thead>
            <tbody>
              {found.map((agent) => (
                <AgentRow key={agent.id} agent={agent} onAsk={setAsked} onLink={setLink} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <AddAgent opened={adding} onClose={() => setAdding(false)} onInvited={setLink} />
      <EditAgent agent={asked?.what === "edit" ? asked.agent : null} onClose={close} />
      <DisableAgent agent={asked?.what === "disable" ? asked.agent : null} onClose={close} />
      <InvitationLink invited={link} onClose={() => setLink(null)} />
    </>
  );
}

interface RowProps {
  agent: Agent;
  onAsk: (asked: Asked) => void;
  onLink: (invited: Invited) => void;
}

function AgentRow({ agent, onAsk, onLink }: RowProps) {
  const { t } = useTranslation();
  const names = useNames();
  const active = agent.state === "active";
  const state = active && agent.invited ? "invited" : agent.state;
  return (
    <tr data-testid="agent-row">
      <td className="wrap">
        <span style={{ display: "flex", alignItems: "center", gap: 10 }}>
          <Avatar id={agent.id} name={agent.name} size={32} picture={agent.picture_url} />
          <span style={{ minWidth: 0 }}>
            <b style={{ fontWeight: 600 }}>{agent.name}</b>
            <span className="small dim one-line" style={{ display: "block" }}>
              {agent.email}
            </span>
          </span>
        </span>
      </td>
      <td className="word">{t(`role.${agent.role}`)}</td>
      <td className="wide wrap">{listOf(agent.department_ids.map(names.department))}</td>
      <td className="wide">
        <span className="tag" data-tone={active ? "active" : "disabled"}>
          {t(`agents.state.${state}`)}
        </span>
      </td>
      <td>
        <AgentMenu agent={agent} onAsk={onAsk} onLink={onLink} />
      </td>
    </tr>
  );
}

function AgentMenu({ agent, onAsk, onLink }: RowProps) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const onError = (error: unknown) => sayError(error, t("action.copy_details"));
  const invite = useMutation({
    mutationFn: () => api.post<{ invitation_url: string }>(`/agents/${agent.id}/invitation`),
    onSuccess: ({ invitation_url: url }) => onLink({ name: agent.name, url }),
    onError,
  });
  const enable = useMutation({
    mutationFn: () => api.patch(`/agents/${agent.id}`, { state: "active" }),
    onSuccess: () => {
      say(t("agents.was_enabled"));
      return client.invalidateQueries({ queryKey: keys.agents });
    },
    onError,
  });
  return (
    <Menu width={210} position="bottom-end">
      <Menu.Target>
        <button
          type="button"
          className="icon-button"
          aria-label={`${t("action.more")}: ${agent.name}`}
          data-testid="agent-menu"
        >
          <Icon name="more" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onAsk({ what: "edit", agent })}>{t("action.edit")}</Menu.Item>
        {agent.state === "active" ? (
          <>
            <Menu.Item onClick={() => invite.mutate()}>{t("agents.link.new")}</Menu.Item>
            <Menu.Divider />
            <Menu.Item color="red" onClick={() => onAsk({ what: "disable", agent })}>
              {t("agents.disable")}
            </Menu.Item>
          </>
        ) : (
          <Menu.Item onClick={() => enable.mutate()}>{t("agents.enable")}</Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
