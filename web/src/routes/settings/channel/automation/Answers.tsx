/** What the channel answers by itself: follow, keywords in order, first message, default, taps on the menu. */
import { Button, Skeleton, Switch } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../../../api/client";
import type { Channel } from "../../../../api/types";
import { Icon } from "../../../../components/Icon";
import { ErrorNotice } from "../../../../components/Notice";
import { say, sayError } from "../../../../components/toasts";
import { AnswerDialog, type Asked } from "./AnswerDialog";
import {
  type Answer,
  type AnswerIn,
  answersQuery,
  menuQuery,
  type Occasion,
} from "./automationApi";
import { ContentBubble } from "./ContentBubble";
import { TryIt } from "./TryIt";

const occasions: Occasion[] = ["follow", "keyword", "first_message", "default", "menu_click"];

function useAnswerWrites(channelId: string) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const path = `/channels/${channelId}/automatic-answers`;
  const shared = {
    onError: (error: unknown) => sayError(error, t("action.copy_details")),
    onSettled: () => client.invalidateQueries({ queryKey: answersQuery(channelId).queryKey }),
  };
  const change = useMutation({
    mutationFn: ({ answer, body }: { answer: Answer; body: AnswerIn }) =>
      api.patch(`${path}/${answer.id}`, { ...body, version: answer.version }),
    ...shared,
  });
  const order = useMutation({
    mutationFn: (ids: string[]) => api.put(`${path}/order`, { ids }),
    ...shared,
  });
  const again = useMutation({ mutationFn: (body: AnswerIn) => api.post(path, body), ...shared });
  const remove = useMutation({
    mutationFn: (answer: Answer) => api.delete(`${path}/${answer.id}`),
    ...shared,
    onSuccess: (_, answer) => {
      const { occasion, keyword, match_rule, kind, text, data, enabled } = answer;
      const body = { occasion, keyword, match_rule, kind, text, data, enabled };
      say(t("automation.answer.removed"), {
        label: t("automation.undo"),
        run: () => again.mutate(body),
      });
    },
  });
  return { change, order, remove };
}

export function Answers({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const list = useQuery(answersQuery(channel.id));
  const writes = useAnswerWrites(channel.id);
  const [asked, setAsked] = useState<Asked>(null);
  const menu = useQuery(menuQuery(channel.id)).data;
  const named = new Map(
    (menu?.draft ?? menu?.items ?? [])
      .flatMap((item) => [item, ...(item.items ?? [])])
      .map((item) => [item.key, item.name]),
  );
  const answers = list.data ?? [];
  const of = (occasion: Occasion) => answers.filter((answer) => answer.occasion === occasion);
  const swap = (a: Answer, b: Answer | undefined) => {
    if (!b) return;
    const ids = answers.map((one) => (one.id === a.id ? b.id : one.id === b.id ? a.id : one.id));
    writes.order.mutate(ids);
  };
  return (
    <section className="card" data-testid="answers">
      <h2>{t("automation.answers.title")}</h2>
      <p>{t("automation.answers.hint")}</p>
      {list.isPending && <Skeleton height={200} radius={10} />}
      {list.isError && <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />}
      {list.data &&
        occasions.map((occasion) => {
          const own = of(occasion);
          const many = occasion === "keyword" || occasion === "menu_click";
          if (occasion === "menu_click" && own.length === 0) return null;
          return (
            <div key={occasion} className="answer-group" data-testid={`answers-${occasion}`}>
              <header>
                <h3>{t(`automation.occasion.${occasion}`)}</h3>
                <span className="dim small">{t(`automation.occasion.${occasion}.hint`)}</span>
                {occasion !== "menu_click" && (many || own.length === 0) && (
                  <Button
                    variant="default"
                    size="xs"
                    onClick={() => setAsked({ occasion })}
                    data-testid={`add-${occasion}`}
                  >
                    {t("automation.answers.add")}
                  </Button>
                )}
              </header>
              {own.map((answer, index) => (
                <AnswerRow
                  key={answer.id}
                  answer={answer}
                  item={occasion === "menu_click" ? named.get(answer.keyword) : undefined}
                  busy={writes.order.isPending}
                  onUp={many && index > 0 ? () => swap(answer, own[index - 1]) : undefined}
                  onDown={
                    many && index < own.length - 1 ? () => swap(answer, own[index + 1]) : undefined
                  }
                  ordered={occasion === "keyword" && own.length > 1}
                  onEdit={() => setAsked({ answer })}
                  onToggle={(enabled) => writes.change.mutate({ answer, body: { enabled } })}
                  onRemove={() => writes.remove.mutate(answer)}
                />
              ))}
            </div>
          );
        })}
      {answers.length > 0 && <TryIt channelId={channel.id} />}
      <AnswerDialog channelId={channel.id} asked={asked} onClose={() => setAsked(null)} />
    </section>
  );
}

interface RowProps {
  answer: Answer;
  /** The item of the menu that has its key. */
  item?: string;
  busy: boolean;
  ordered: boolean;
  onUp?: () => void;
  onDown?: () => void;
  onEdit: () => void;
  onToggle: (enabled: boolean) => void;
  onRemove: () => void;
}

function AnswerRow({
  answer,
  item,
  busy,
  ordered,
  onUp,
  onDown,
  onEdit,
  onToggle,
  onRemove,
}: RowProps) {
  const { t } = useTranslation();
  const name = answer.keyword ?? t(`automation.occasion.${answer.occasion}`);
  const arrow = (label: string, icon: "up" | "down", run?: () => void) => (
    <button
      type="button"
      className="icon-button"
      aria-label={`${label}: ${name}`}
      disabled={!run || busy}
      onClick={run}
    >
      <span className={icon === "up" ? "turned" : undefined}>
        <Icon name="down" size={16} />
      </span>
    </button>
  );
  return (
    <div className="answer-row" data-off={!answer.enabled || undefined} data-testid="answer-row">
      <div className="answer-what">
        {answer.keyword !== null && (
          <span className="answer-key">
            <bdi className={item ? undefined : "mono"}>{item ?? answer.keyword}</bdi>
            {answer.occasion === "menu_click" && !item && (
              <span className="dim small"> · {t("automation.answer.no_item")}</span>
            )}
            {answer.match_rule && (
              <span className="dim small"> · {t(`automation.match.${answer.match_rule}`)}</span>
            )}
          </span>
        )}
        <ContentBubble answer={answer} />
        {answer.taken_over && (
          <span className="dim small">{t("automation.answer.taken_over")}</span>
        )}
      </div>
      <div className="answer-tools">
        {ordered && arrow(t("automation.answer.up"), "up", onUp)}
        {ordered && arrow(t("automation.answer.down"), "down", onDown)}
        <Switch
          checked={answer.enabled}
          onChange={(event) => onToggle(event.currentTarget.checked)}
          aria-label={t("automation.answer.enabled", { name })}
        />
        <Button variant="subtle" size="xs" onClick={onEdit}>
          {t("action.edit")}
        </Button>
        <Button variant="subtle" size="xs" color="red" onClick={onRemove}>
          {t("automation.answer.remove")}
        </Button>
      </div>
    </div>
  );
}
