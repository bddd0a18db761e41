/** Followers of an enterprise account: who waits, who is in, who is kept out. */
import { Button, Modal, Skeleton } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../../api/client";
import { keys } from "../../../api/keys";
import type { Approval, Page } from "../../../api/types";
import { Avatar } from "../../../components/Avatar";
import { ErrorNotice, Notice } from "../../../components/Notice";
import { say, sayError } from "../../../components/toasts";
import { fullTime, preciseTime } from "../../../format/time";
import { ChannelPage } from "./ChannelPage";
import { useApprovalCounts } from "./PendingCount";

const states = ["pending", "approved", "declined"] as const;
type State = (typeof states)[number];
type Verdict = "approve" | "decline";

export function Approvals() {
  const { t } = useTranslation();
  return (
    <ChannelPage>
      {(channel) =>
        channel.account_kind === "enterprise" ? (
          <Followers channelId={channel.id} />
        ) : (
          <Notice icon="users" title={t("error.not_enterprise")} />
        )
      }
    </ChannelPage>
  );
}

function useFollowers(channelId: string, state: State) {
  return useInfiniteQuery({
    queryKey: [...keys.approvals(channelId), state],
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<Approval>>(
        `/channels/${channelId}/approvals`,
        { state, cursor: pageParam },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
}

function Followers({ channelId }: { channelId: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [state, setState] = useState<State>("pending");
  const [revoked, setRevoked] = useState<Approval | null>(null);
  const counts = useApprovalCounts(channelId);
  const list = useFollowers(channelId, state);
  const judge = useMutation({
    mutationFn: ({ id, verdict }: { id: string; verdict: Verdict }) =>
      api.post(`/contacts/${id}/${verdict}`),
    onSuccess: (_, { verdict }) =>
      say(t(verdict === "approve" ? "approvals.was_approved" : "approvals.was_declined")),
    onError: (error) => sayError(error, t("action.copy_details")),
    onSettled: () => {
      setRevoked(null);
      return client.invalidateQueries({ queryKey: keys.approvals(channelId) });
    },
  });
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const decide = (id: string, verdict: Verdict) => judge.mutate({ id, verdict });
  return (
    <>
      <p className="dim" style={{ marginTop: 0, lineHeight: 1.6 }}>
        {t("approvals.hint")}
      </p>
      <fieldset className="state-choice" data-testid="approval-states">
        {states.map((value) => (
          <button
            key={value}
            type="button"
            aria-pressed={value === state}
            onClick={() => setState(value)}
          >
            {t(`approvals.${value}`)}
            {counts && <span className="tabular dim"> {counts[value]}</span>}
          </button>
        ))}
      </fieldset>
      {list.isPending && <Skeleton height={160} radius={10} />}
      {list.isError && <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && rows.length === 0 && (
        <Notice
          icon="users"
          title={t(`approvals.empty.${state}`)}
          hint={state === "pending" ? t("approvals.empty.pending.hint") : undefined}
        />
      )}
      {rows.length > 0 && (
        <ul className="followers">
          {rows.map((row) => (
            <Follower
              key={row.contact_id}
              row={row}
              busy={judge.isPending}
              onJudge={(verdict) =>
                row.state === "approved" ? setRevoked(row) : decide(row.contact_id, verdict)
              }
            />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <Button variant="default" mt="md" onClick={() => void list.fetchNextPage()}>
          {t("action.load_more")}
        </Button>
      )}
      <Modal
        opened={revoked !== null}
        onClose={() => setRevoked(null)}
        title={revoked && t("approvals.revoke.title", { name: revoked.name })}
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        <p style={{ marginTop: 0, lineHeight: 1.6 }}>{t("approvals.revoke.hint")}</p>
        <div className="form-end">
          <Button variant="default" onClick={() => setRevoked(null)} data-autofocus>
            {t("action.cancel")}
          </Button>
          <Button
            color="red"
            loading={judge.isPending}
            onClick={() => revoked && decide(revoked.contact_id, "decline")}
            data-testid="confirm"
          >
            {t("approvals.revoke")}
          </Button>
        </div>
      </Modal>
    </>
  );
}

interface FollowerProps {
  row: Approval;
  busy: boolean;
  onJudge: (verdict: Verdict) => void;
}

function Follower({ row, busy, onJudge }: FollowerProps) {
  const { t } = useTranslation();
  const last = row.last_message;
  const text = last ? last.text || t(`preview.${last.kind}`) : t("approvals.only_follows");
  const at = last?.created_at ?? row.created_at;
  return (
    <li data-testid="follower">
      <Avatar id={row.contact_id} name={row.name} />
      <span className="follower-text">
        <b>{row.name}</b>
        <span className="small dim" title={fullTime(at)}>
          {" "}
          {preciseTime(at)}
          {row.waiting_messages > 0 &&
            ` · ${t("approvals.messages", { count: row.waiting_messages })}`}
        </span>
        <span className="one-line follower-preview">{text}</span>
      </span>
      <span className="follower-actions">
        {row.conversation_id && (
          <Button
            variant="subtle"
            size="xs"
            component={Link}
            to={`/inbox/${row.conversation_id}?view=all` as "/inbox"}
          >
            {t("approvals.read")}
          </Button>
        )}
        {row.state !== "declined" && (
          <Button
            variant="default"
            size="xs"
            disabled={busy}
            onClick={() => onJudge("decline")}
            data-testid="decline"
          >
            {t(row.state === "approved" ? "approvals.revoke" : "approvals.decline")}
          </Button>
        )}
        {row.state !== "approved" && (
          <Button
            size="xs"
            disabled={busy}
            onClick={() => onJudge("approve")}
            data-testid="approve"
          >
            {t("approvals.approve")}
          </Button>
        )}
      </span>
    </li>
  );
}
