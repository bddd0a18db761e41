/** A whole zone that has something to say instead of content: empty, refused, failed. */
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { asApiError } from "../api/client";
import { errorDetails, errorText } from "../i18n/words";
import { CopyButton } from "./CopyButton";
import { Icon, type IconName } from "./Icon";
import "./notices.css";

interface Props {
  icon: IconName;
  title: string;
  hint?: string;
  children?: ReactNode;
}

export function Notice({ icon, title, hint, children }: Props) {
  return (
    <div className="notice">
      <span className="notice-icon">
        <Icon name={icon} size={22} />
      </span>
      <h2>{title}</h2>
      {hint && <p>{hint}</p>}
      {children && <div className="notice-actions">{children}</div>}
    </div>
  );
}

/** What happened, that nothing was lost, and what to do; with details to copy. */
export function ErrorNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  const failure = asApiError(error);
  return (
    <div role="alert">
      <Notice
        icon="alert"
        title={t("error.title")}
        hint={`${errorText(failure)}\n${t("error.nothing_lost")}`}
      >
        {onRetry && <Button onClick={onRetry}>{t("action.retry")}</Button>}
        <CopyButton size="sm" text={errorDetails(failure)} label={t("action.copy_details")} />
      </Notice>
    </div>
  );
}
