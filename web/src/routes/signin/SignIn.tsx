/** Email and password; afterwards the page that was asked for. */
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type ApiError, api, asApiError } from "../../api/client";
import { setupQuery } from "../../api/setup";
import { Logo } from "../../components/Logo";
import { changeLanguage, languageNames, languages } from "../../i18n";
import { errorText, refusalText } from "../../i18n/words";
import { WhereIsTheLink } from "../firstrun/Outside";
import { SsoButton } from "./SsoButton";
import "./signin.css";

/** On a desk that nobody has set up a form would be of no use: it says where the link is. */
export function SignIn() {
  const setup = useQuery(setupQuery).data;
  return setup?.needed ? <WhereIsTheLink /> : <SignInForm organisation={setup?.organisation} />;
}

function SignInForm({ organisation }: { organisation: string | undefined }) {
  const { t, i18n } = useTranslation();
  const search = useSearch({ from: "/signin" });
  const client = useQueryClient();
  const navigate = useNavigate();
  const { history } = useRouter();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [missing, setMissing] = useState<{ email?: boolean; password?: boolean }>({});
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const emailRef = useRef<HTMLInputElement>(null);
  const passwordRef = useRef<HTMLInputElement>(null);

  useEffect(() => {
    document.title = `${t("signin.title")} · ${organisation || "Kefu"}`;
  }, [t, organisation]);
  useEffect(() => emailRef.current?.focus(), []);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const lacks = { email: email.trim() === "", password: password === "" };
    setMissing(lacks);
    if (lacks.email) return emailRef.current?.focus();
    if (lacks.password) return passwordRef.current?.focus();
    setBusy(true);
    setFailure(null);
    try {
      await api.post("/login", { email: email.trim(), password });
      client.clear();
      if (search.next?.startsWith("/") && !search.next.startsWith("//")) history.push(search.next);
      else await navigate({ to: "/inbox", search: { view: "mine" } });
    } catch (error) {
      setFailure(asApiError(error));
      setBusy(false);
      passwordRef.current?.select();
    }
  };

  return (
    <main className="signin">
      <form className="signin-card" onSubmit={submit} noValidate>
        <div className="signin-brand">
          <Logo size={40} />
          <div>
            <h1>{organisation || "Kefu"}</h1>
            <span className="small dim">{t("app.tagline")}</span>
          </div>
        </div>
        {search.left && !failure && <p className="signin-said">{t("signin.signed_out")}</p>}
        {search.refused && !failure && (
          <p className="signin-said" role="alert">
            {refusalText(search.refused)}
          </p>
        )}
        {failure && (
          <p className="signin-said" role="alert">
            {errorText(failure)}
          </p>
        )}
        <TextInput
          ref={emailRef}
          label={t("signin.email")}
          type="email"
          autoComplete="username"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          error={missing.email && t("signin.email_required")}
        />
        <PasswordInput
          ref={passwordRef}
          label={t("signin.password")}
          visibilityToggleButtonProps={{ "aria-label": t("signin.show_password") }}
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={missing.password && t("signin.password_required")}
        />
        <Button type="submit" loading={busy} size="md" fullWidth>
          {t("signin.submit")}
        </Button>
        <SsoButton next={search.next} />
      </form>
      <nav className="signin-languages" aria-label={t("profile.language")}>
        {languages.map((language) => (
          <button
            key={language}
            type="button"
            lang={language}
            aria-pressed={i18n.language === language}
            onClick={() => void changeLanguage(language)}
          >
            {languageNames[language]}
          </button>
        ))}
      </nav>
    </main>
  );
}
