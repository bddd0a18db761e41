/** The code by which people follow the account: made by WeChat where the account may, else pasted by an administrator. */
import { Button, Skeleton, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, asApiError } from "../../../api/client";
import { keys } from "../../../api/keys";
import type { Channel, ChannelQrCode } from "../../../api/types";
import { CopyButton } from "../../../components/CopyButton";
import { ErrorNotice } from "../../../components/Notice";
import { errorText, fieldErrorText, messageReason } from "../../../i18n/words";
import "./qr.css";

export function ChannelQr({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: keys.channelQr(channel.id),
    queryFn: ({ signal }) =>
      api.get<ChannelQrCode>(`/channels/${channel.id}/qr`, undefined, signal),
    staleTime: 60_000,
  });
  if (query.isPending) return <Skeleton height={180} radius={8} />;
  if (!query.data) return <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <section className="qr" data-testid="channel-qr" aria-label={t("qr.title")}>
      {query.data.url ? (
        <Code channel={channel} code={query.data} />
      ) : (
        <NoCode channel={channel} code={query.data} onRetry={() => void query.refetch()} />
      )}
    </section>
  );
}

function Code({ channel, code }: { channel: Channel; code: ChannelQrCode }) {
  const { t } = useTranslation();
  const replace = useReplace(channel.id);
  const address = `${code.picture_url}?of=${encodeURIComponent(code.url ?? "")}`;
  return (
    <>
      <img
        src={address}
        width={168}
        height={168}
        alt={t("qr.picture", { name: channel.name })}
        data-testid="qr-picture"
      />
      <div>
        <h3>{t("qr.title")}</h3>
        <p>{t("qr.hint")}</p>
        <p className="dim small">{t(code.source === "pasted" ? "qr.pasted" : "qr.permanent")}</p>
        <p className="mono">{code.url}</p>
        <div className="qr-actions">
          <CopyButton text={code.url ?? ""} what={t("qr.title")} />
          <Button
            variant="default"
            size="xs"
            component="a"
            href={address}
            download={`${channel.name}.svg`}
          >
            {t("qr.download")}
          </Button>
          {code.source === "pasted" && (
            <Button
              variant="default"
              size="xs"
              loading={replace.isPending}
              onClick={() => replace.mutate(null)}
            >
              {t("qr.remove")}
            </Button>
          )}
        </div>
      </div>
    </>
  );
}

interface NoCodeProps {
  channel: Channel;
  code: ChannelQrCode;
  onRetry: () => void;
}

function NoCode({ channel, code, onRetry }: NoCodeProps) {
  const { t } = useTranslation();
  const replace = useReplace(channel.id);
  const [url, setUrl] = useState("");
  const forbidden = code.reason === "account_not_permitted";
  const failure = replace.error ? asApiError(replace.error) : null;
  const wrong = failure?.fields.url;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    replace.mutate(url);
  };
  return (
    <div>
      <h3>{t("qr.none")}</h3>
      {forbidden || !code.reason ? (
        <p>{t("qr.not_permitted")}</p>
      ) : (
        <>
          <p>{t("qr.failed", { reason: messageReason(code.reason) })}</p>
          <Button variant="default" size="xs" mb={12} onClick={onRetry}>
            {t("action.retry")}
          </Button>
        </>
      )}
      <form className="qr-paste" onSubmit={submit}>
        <TextInput
          label={t("qr.paste")}
          description={t("qr.paste.hint")}
          error={wrong ? fieldErrorText(wrong) : failure && errorText(failure)}
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value)}
          spellCheck={false}
        />
        <Button type="submit" loading={replace.isPending} disabled={!url.trim()}>
          {t("qr.save")}
        </Button>
      </form>
    </div>
  );
}

function useReplace(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (url: string | null) => api.put<ChannelQrCode>(`/channels/${id}/qr`, { url }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.channelQr(id) }),
  });
}
