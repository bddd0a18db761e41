/** One check: its state in words, what was found, and where something is wrong the cause, the fix and what to copy. */
import { Loader } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Channel, DoctorLine } from "../../../api/types";
import { CopyButton } from "../../../components/CopyButton";
import { Icon, type IconName } from "../../../components/Icon";
import { preciseTime } from "../../../format/time";
import { AddressList } from "./AddressList";
import { causeText, fixText, foundText } from "./doctorWords";

const icons: Record<DoctorLine["state"], IconName> = {
  running: "clock",
  ok: "check",
  warning: "alert",
  failed: "close",
  skipped: "more",
};

export const rowId = (line: DoctorLine) => `doctor-${line.check}`;

export function DoctorRow({ line, channel }: { line: DoctorLine; channel: Channel }) {
  const { t } = useTranslation();
  const cause = causeText(line);
  const fix = fixText(line);
  return (
    <li
      className="doctor-row"
      id={rowId(line)}
      data-testid="doctor-row"
      data-check={line.check}
      data-state={line.state}
      data-code={line.code ?? ""}
    >
      <span className="doctor-state">
        {line.state === "running" ? (
          <Loader size={14} aria-hidden="true" />
        ) : (
          <Icon name={icons[line.state]} size={16} />
        )}
        {t(`doctor.state.${line.state}`)}
      </span>
      <div className="doctor-found">
        <h3>{t(`doctor.check.${line.check}`)}</h3>
        <p>{foundText(line)}</p>
        {(cause || fix) && (
          <dl>
            {cause && <Said label={t("doctor.cause")} text={cause} />}
            {fix && <Said label={t("doctor.fix")} text={fix} />}
          </dl>
        )}
        <ToCopy line={line} channel={channel} />
        <Figures line={line} />
      </div>
    </li>
  );
}

function Said({ label, text }: { label: string; text: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{text}</dd>
    </>
  );
}

/** What has to be entered at WeChat to mend it. */
function ToCopy({ line, channel }: { line: DoctorLine; channel: Channel }) {
  const { t } = useTranslation();
  const addresses = (line.params as { addresses?: string[] }).addresses ?? [];
  if (line.code === "token_address") {
    return (
      <>
        <p className="dim small">{t("doctor.at_wechat")}</p>
        <AddressList channelId={channel.id} wanted={addresses} />
      </>
    );
  }
  const values: Record<string, [string, string | null | undefined][]> = {
    wrong_signature: [[t("field.token"), channel.token]],
    verification_refused: [[t("field.token"), channel.token]],
    wrong_key: [[t("field.encoding_aes_key"), channel.encoding_aes_key]],
    reach_no_url: [[t("channel.callback_url"), channel.callback_url]],
    reach_lost: [[t("channel.callback_url"), channel.callback_url]],
    verification_missing: [
      [t("channel.callback_url"), channel.callback_url],
      [t("field.token"), channel.token],
      [t("field.encoding_aes_key"), channel.encoding_aes_key],
    ],
  };
  const found = values[line.code ?? ""] ?? [];
  if (found.length === 0) return null;
  return (
    <>
      <p className="dim small">{t("doctor.at_wechat")}</p>
      {found.map(([label, value]) => (
        <p className="doctor-copy" key={label}>
          <span className="dim">{label}</span>
          <span className="mono">{value}</span>
          {value && <CopyButton text={value} what={label} />}
        </p>
      ))}
    </>
  );
}

interface Network {
  network: string;
  addresses: string[];
  lost_percent: number | null;
}

interface Left {
  of: string;
  limit: number;
  remain: number;
}

interface Refused {
  reason: string;
  count: number;
  last_at: string;
}

/** The figures behind the sentence, line by line. */
function Figures({ line }: { line: DoctorLine }) {
  const { t } = useTranslation();
  const told = line.params as { networks?: Network[]; items?: Left[]; all?: Refused[] };
  const networks = (told.networks ?? []).map((found) =>
    t("doctor.network_line", {
      network: t(`doctor.network.${found.network}`),
      addresses: found.addresses.join(", ") || t("doctor.network_no_address"),
      lost: found.lost_percent ?? "–",
    }),
  );
  const left = (told.items ?? []).map(
    (item) =>
      `${t(`doctor.quota_of.${item.of}`)}: ${t("doctor.quota_line", {
        remain: item.remain.toLocaleString(),
        limit: item.limit.toLocaleString(),
      })}`,
  );
  const refused = (told.all ?? []).map((one) =>
    t("doctor.refusal_line", {
      reason: t(`doctor.refusal.${one.reason}`),
      n: one.count,
      time: preciseTime(one.last_at),
    }),
  );
  const lines = [...networks, ...left, ...(refused.length > 1 ? refused : [])];
  if (lines.length === 0) return null;
  return (
    <ul className="doctor-figures">
      {lines.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
}
