/**
 * Messages that are neither text nor media: a place, a link, a file, a mini program, a sticker, something unknown.
 * Everything in them was written by a stranger: nothing is fetched, names are isolated from the text around them.
 */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Message } from "../../api/types";
import { CopyButton } from "../../components/CopyButton";
import { Icon, type IconName } from "../../components/Icon";
import { bytes } from "../../format/time";
import { AskAgain } from "./AskAgain";

type Data = Record<string, unknown>;

const dataOf = (message: Message) => (message.data ?? {}) as Data;
const text = (value: unknown) => (typeof value === "string" ? value : "");
const number = (value: unknown) =>
  value === null || value === "" || !Number.isFinite(Number(value)) ? null : Number(value);

interface CardProps {
  icon: IconName;
  label: string;
  kind: string;
  children?: ReactNode;
}

function Card({ icon, label, kind, children }: CardProps) {
  return (
    <div className="bubble card-bubble" data-testid={`card-${kind}`}>
      <span className="placeholder">
        <Icon name={icon} />
        {label}
      </span>
      {children}
    </div>
  );
}

/** A map of another site opens only when somebody asks for it, and is told nothing but the place. */
export function LocationCard({ message }: { message: Message }) {
  const { t } = useTranslation();
  const data = dataOf(message);
  const [latitude, longitude] = [number(data.latitude), number(data.longitude)];
  const place = text(data.label) || message.text || "";
  const known = latitude !== null && longitude !== null;
  const coordinates = `${latitude}, ${longitude}`;
  return (
    <Card icon="pin" label={t("media.location")} kind="location">
      {place && <bdi className="card-title">{place}</bdi>}
      {known && (
        <div className="card-line">
          <span className="mono">{coordinates}</span>
          <CopyButton text={coordinates} what={t("bubble.coordinates")} size="compact-sm" />
        </div>
      )}
      {known && (
        <a
          href={`https://uri.amap.com/marker?position=${longitude},${latitude}`}
          target="_blank"
          rel="noopener noreferrer"
          className="small"
        >
          {t("bubble.map")}
        </a>
      )}
    </Card>
  );
}

/** The host as the browser will ask for it: letters that only look Latin are shown in their ASCII form. */
export function pageOf(address: string): URL | null {
  try {
    const url = new URL(address);
    return url.protocol === "http:" || url.protocol === "https:" ? url : null;
  } catch {
    return null;
  }
}

export function LinkCard({ message }: { message: Message }) {
  const { t } = useTranslation();
  const data = dataOf(message);
  const address = text(data.url);
  const page = pageOf(address);
  const title = text(data.title) || message.text || address;
  return (
    <Card icon="link" label={t("bubble.link")} kind="link">
      {page ? (
        <a
          className="card-title"
          href={page.href}
          target="_blank"
          rel="noopener noreferrer"
          title={t("bubble.outside")}
        >
          <bdi>{title}</bdi>
        </a>
      ) : (
        <bdi className="card-title">{title}</bdi>
      )}
      {text(data.description) && <bdi className="card-text dim">{text(data.description)}</bdi>}
      {page ? (
        <span className="small dim mono">{page.host}</span>
      ) : (
        <span className="small dim">
          {t("bubble.link_unsafe")} <bdi className="mono">{address.slice(0, 200)}</bdi>
        </span>
      )}
    </Card>
  );
}

export function FileCard({ message }: { message: Message }) {
  const { t } = useTranslation();
  const data = dataOf(message);
  const size = number(data.bytes);
  const name = text(data.title) || message.text || t("bubble.file_unnamed");
  return (
    <Card icon="file" label={t("media.file")} kind="file">
      <bdi className="card-title">{name}</bdi>
      <span className="small dim">
        {size !== null && `${bytes(size)} · `}
        {t("bubble.file_why")}
      </span>
      {text(data.md5) && (
        <span className="small dim">
          {t("bubble.md5")} <span className="mono">{text(data.md5).slice(0, 64)}</span>
        </span>
      )}
      <AskAgain what="file" />
    </Card>
  );
}

export function MiniProgramCard({ message }: { message: Message }) {
  const { t } = useTranslation();
  const data = dataOf(message);
  return (
    <Card icon="link" label={t("media.miniprogram")} kind="miniprogram">
      {(text(data.title) || message.text) && (
        <bdi className="card-title">{text(data.title) || message.text}</bdi>
      )}
      <span className="small dim">{t("bubble.miniprogram_why")}</span>
      {text(data.app_id) && (
        <span className="small dim">
          AppID <bdi className="mono">{text(data.app_id)}</bdi>
        </span>
      )}
      {text(data.page_path) && (
        <span className="small dim">
          {t("bubble.page")} <bdi className="mono">{text(data.page_path).slice(0, 300)}</bdi>
        </span>
      )}
    </Card>
  );
}

export function StickerCard() {
  const { t } = useTranslation();
  return (
    <Card icon="chat" label={t("media.sticker")} kind="sticker">
      <AskAgain what="sticker" />
    </Card>
  );
}

export function UnknownCard({ message }: { message: Message }) {
  const { t } = useTranslation();
  const kind = text(dataOf(message).msg_type);
  return (
    <Card icon="alert" label={message.text || t("media.unsupported")} kind="unsupported">
      {kind && (
        <span className="small dim">
          <bdi>{t("bubble.unsupported_kind", { kind: kind.slice(0, 60) })}</bdi>
        </span>
      )}
      <AskAgain what="unsupported" />
    </Card>
  );
}
