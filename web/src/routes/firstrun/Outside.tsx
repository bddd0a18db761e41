/** The frame of pages for those who are not signed in yet, and what two of them have to say. */
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Logo } from "../../components/Logo";
import "../signin/signin.css";
import "./firstrun.css";

export function Outside({ wide = false, children }: { wide?: boolean; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <main className="signin">
      <div className="signin-card" data-wide={wide}>
        <div className="signin-brand">
          <Logo size={40} />
          <div>
            <h1>Kefu</h1>
            <span className="small dim">{t("app.tagline")}</span>
          </div>
        </div>
        {children}
      </div>
    </main>
  );
}

/** What there is to know, and the way to the sign-in page. */
export function Said({ title, hint }: { title: string; hint: string }) {
  const { t } = useTranslation();
  return (
    <Outside>
      <div className="outside-said">
        <h2>{title}</h2>
        <p>{hint}</p>
      </div>
      <Button component={Link} to="/signin" fullWidth>
        {t("welcome.sign_in")}
      </Button>
    </Outside>
  );
}

export function SetUpAlready() {
  const { t } = useTranslation();
  return <Said title={t("welcome.done")} hint={t("welcome.done.hint")} />;
}

export function WhereIsTheLink() {
  const { t } = useTranslation();
  return (
    <Outside>
      <div className="outside-said" data-testid="where-is-the-link">
        <h2>{t("welcome.no_link")}</h2>
        <p>{t("welcome.no_link.hint")}</p>
      </div>
    </Outside>
  );
}
