/** The pages that stand for others: not found, not allowed, and the console's own failure. */
import { Button } from "@mantine/core";
import type { ErrorComponentProps } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ApiError } from "../../api/client";
import { CopyButton } from "../../components/CopyButton";
import { ErrorNotice, Notice } from "../../components/Notice";

function ToInbox() {
  const { t } = useTranslation();
  return (
    <Button component="a" href="/inbox">
      {t("error.to_inbox")}
    </Button>
  );
}

export function NotFound() {
  const { t } = useTranslation();
  return (
    <main className="notice-alone">
      <Notice icon="search" title={t("error.404")} hint={t("error.404.hint")}>
        <ToInbox />
      </Notice>
    </main>
  );
}

export function Forbidden() {
  const { t } = useTranslation();
  return (
    <div className="notice-alone">
      <Notice icon="block" title={t("error.403")} hint={t("error.403.hint")}>
        <ToInbox />
      </Notice>
    </div>
  );
}

export function Crash({ error }: Pick<ErrorComponentProps, "error" | "reset">) {
  const { t } = useTranslation();
  if (error instanceof ApiError) {
    return <ErrorNotice error={error} onRetry={() => location.reload()} />;
  }
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return (
    <main className="notice-alone" role="alert">
      <Notice icon="alert" title={t("error.crash")} hint={t("error.crash.hint")}>
        <Button onClick={() => location.reload()}>{t("action.reload")}</Button>
        <CopyButton size="sm" text={details} label={t("action.copy_details")} />
      </Notice>
    </main>
  );
}
