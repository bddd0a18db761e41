/** Pushes that could not be processed: kept as they came, and processed again on demand. */
import { Button, Skeleton } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { useNames } from "../../api/directory";
import { keys } from "../../api/keys";
import type { DeadLetter, Page } from "../../api/types";
import { CopyButton } from "../../components/CopyButton";
import { ErrorNotice, Notice } from "../../components/Notice";
import { say, sayError } from "../../components/toasts";
import { fullTime, preciseTime } from "../../format/time";
import { deadLetterReason } from "../../i18n/words";

export function DeadLetters() {
  const { t } = useTranslation();
  const list = useInfiniteQuery({
    queryKey: keys.deadLetters,
    queryFn: ({ pageParam, signal }) =>
      api.get<Page<DeadLetter>>("/dead-letters", { cursor: pageParam, limit: 50 }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <div className="page-head">
        <h1>{t("dead.title")}</h1>
      </div>
      <p className="dim" style={{ marginTop: 0, lineHeight: 1.6 }}>
        {t("dead.hint")}
      </p>
      {list.isPending && <Skeleton height={200} radius={10} />}
      {list.isError && <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && items.length === 0 && (
        <Notice icon="done" title={t("dead.empty")} hint={t("dead.empty.hint")} />
      )}
      {items.map((letter) => (
        <Letter key={letter.id} letter={letter} />
      ))}
      {list.hasNextPage && (
        <Button
          variant="default"
          mt={16}
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {t("action.load_more")}
        </Button>
      )}
    </>
  );
}

function Letter({ letter }: { letter: DeadLetter }) {
  const { t } = useTranslation();
  const names = useNames();
  const client = useQueryClient();
  const replay = useMutation({
    mutationFn: () => api.post(`/dead-letters/${letter.id}/replay`),
    onSuccess: () => say(t("dead.replayed")),
    onError: (error) => sayError(error, t("action.copy_details")),
    onSettled: () => client.invalidateQueries({ queryKey: keys.deadLetters }),
  });
  return (
    <article className="card" data-testid="dead-letter">
      <dl className="facts">
        <dt>{t("dead.received")}</dt>
        <dd>{fullTime(letter.received_at)}</dd>
        <dt>{t("panel.channel")}</dt>
        <dd>{names.channel(letter.channel_id)?.name ?? letter.channel_id}</dd>
        <dt>{t("dead.reason")}</dt>
        <dd>
          {deadLetterReason(letter.reason)} <span className="dim mono">{letter.reason}</span>
          {letter.detail && <div className="small dim">{letter.detail}</div>}
        </dd>
      </dl>
      {letter.body && <pre className="raw">{letter.body}</pre>}
      <div className="form-end">
        {letter.replayed_at && (
          <span className="dim" style={{ alignSelf: "center" }}>
            {t("dead.replayed_at", { time: preciseTime(letter.replayed_at) })}
          </span>
        )}
        {letter.body && <CopyButton size="sm" text={letter.body} what={t("dead.body")} />}
        {letter.state === "waiting" && (
          <Button loading={replay.isPending} onClick={() => replay.mutate()}>
            {t("dead.replay")}
          </Button>
        )}
      </div>
    </article>
  );
}
