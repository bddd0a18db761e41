/**
 * Addresses for the allow-list of the WeChat account: copied one by one or together, and the list an
 * administrator keeps. Without a channel: what is known of the whole installation.
 */
import { Button, Group, Modal, Skeleton, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, asApiError } from "../../../api/client";
import { keys } from "../../../api/keys";
import type { AddressItem } from "../../../api/types";
import { CopyButton } from "../../../components/CopyButton";
import { ErrorNotice } from "../../../components/Notice";
import { say } from "../../../components/toasts";
import { preciseTime } from "../../../format/time";
import { errorText, fieldErrorText } from "../../../i18n/words";
import "./addresses.css";

interface Props {
  channelId?: string | undefined;
  /** Those WeChat has just refused. */
  wanted?: readonly string[];
}

export function AddressList({ channelId, wanted = [] }: Props) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(false);
  const query = useQuery({
    queryKey: keys.addresses(channelId ?? null),
    queryFn: ({ signal }) => {
      const path = channelId ? `/channels/${channelId}/addresses` : "/outgoing-addresses";
      return api.get<{ items: AddressItem[] }>(path, undefined, signal);
    },
  });
  if (query.isPending) return <Skeleton height={120} radius={8} />;
  if (!query.data) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  const items = withWanted(query.data.items, wanted);
  const all = [...new Set(items.map((item) => item.address))];
  return (
    <section className="addresses" data-testid="addresses" aria-label={t("addresses.title")}>
      <h3>{t("addresses.title")}</h3>
      <p className="dim small">{t("addresses.hint")}</p>
      {items.length === 0 ? (
        <div className="addresses-empty">
          <strong>{t("addresses.empty")}</strong>
          <p className="dim">{t("addresses.empty.hint")}</p>
        </div>
      ) : (
        <ul>
          {items.map((item) => (
            <Address
              key={`${item.source} ${item.address}`}
              item={item}
              wanted={wanted.includes(item.address)}
            />
          ))}
        </ul>
      )}
      <div className="addresses-end">
        {all.length > 1 && <CopyButton text={all.join("\n")} label={t("addresses.copy_all")} />}
        <Button variant="default" size="xs" onClick={() => setEditing(true)}>
          {t("addresses.edit")}
        </Button>
      </div>
      {editing && <EditList items={query.data.items} onClose={() => setEditing(false)} />}
    </section>
  );
}

/** A refusal that has just happened may not be in the list yet. */
function withWanted(items: readonly AddressItem[], wanted: readonly string[]): AddressItem[] {
  const missing = wanted.filter((address) => items.every((item) => item.address !== address));
  const seen = missing.map((address) => ({
    address,
    source: "seen" as const,
    first_seen_at: null,
    last_seen_at: null,
  }));
  return [...seen, ...items];
}

function Address({ item, wanted }: { item: AddressItem; wanted: boolean }) {
  const { t } = useTranslation();
  const time = item.last_seen_at ? preciseTime(item.last_seen_at) : "–";
  const source =
    item.source === "seen"
      ? t("addresses.source.seen", { time })
      : t(`addresses.source.${item.source}`);
  return (
    <li data-testid="address" data-source={item.source} data-wanted={wanted || undefined}>
      <span className="mono">{item.address}</span>
      <span className="dim small">
        {wanted && <strong>{t("addresses.add_this")} · </strong>}
        {source}
      </span>
      <CopyButton text={item.address} what={item.address} />
    </li>
  );
}

function EditList({ items, onClose }: { items: readonly AddressItem[]; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const manual = items.filter((item) => item.source === "manual").map((item) => item.address);
  const [text, setText] = useState(manual.join("\n"));
  const save = useMutation({
    mutationFn: () => api.put("/outgoing-addresses", { addresses: text.split(/[\s,;]+/) }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["channels", "addresses"] });
      say(t("addresses.saved"));
      onClose();
    },
  });
  const failure = save.error ? asApiError(save.error) : null;
  const wrong = failure?.fields.addresses;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    save.mutate();
  };
  return (
    <Modal opened onClose={onClose} title={t("addresses.edit")} centered>
      <form onSubmit={submit}>
        <Textarea
          label={t("addresses.edit.label")}
          description={t("addresses.edit.hint")}
          error={wrong ? fieldErrorText(wrong) : failure && errorText(failure)}
          autosize
          minRows={4}
          maxRows={12}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          spellCheck={false}
          data-autofocus
        />
        <Group justify="flex-end" mt={16}>
          <Button variant="default" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {t("action.save")}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
