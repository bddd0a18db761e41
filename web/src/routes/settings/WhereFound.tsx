/** "Where do I find this?": the place in the console that the article names, and in today's developer platform. */
import { useTranslation } from "react-i18next";

export const SANDBOX_URL = "https://mp.weixin.qq.com/debug/cgi-bin/sandbox?t=sandbox/login";
export const CONSOLE_URL = "https://mp.weixin.qq.com/";
export const PLATFORM_URL = "https://developers.weixin.qq.com/platform/";

/** Places at WeChat; each has its path in both. */
export type Place = "original_id" | "app_id" | "secret" | "callback" | "allow_list" | "privileges";

export function Outside({ url, children }: { url: string; children: string }) {
  return (
    <a href={url} target="_blank" rel="noreferrer">
      {children}
    </a>
  );
}

/** The two paths, or the one page that a test account has. */
export function Paths({ place, test = false }: { place: Place; test?: boolean }) {
  const { t } = useTranslation();
  if (test) {
    return (
      <dl className="paths">
        <dt>
          <Outside url={SANDBOX_URL}>{t("where.sandbox")}</Outside>
        </dt>
        <dd>{t("where.sandbox.path")}</dd>
      </dl>
    );
  }
  return (
    <dl className="paths">
      <dt>
        <Outside url={PLATFORM_URL}>{t("where.platform")}</Outside>
      </dt>
      <dd>{t(`where.platform.${place}`)}</dd>
      <dt>
        <Outside url={CONSOLE_URL}>{t("where.console")}</Outside>
      </dt>
      <dd>{t(`where.console.${place}`)}</dd>
    </dl>
  );
}

export function WhereFound({ place, test = false }: { place: Place; test?: boolean }) {
  const { t } = useTranslation();
  return (
    <details className="where">
      <summary>{t("where.ask")}</summary>
      <Paths place={place} test={test} />
    </details>
  );
}
