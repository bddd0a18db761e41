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
  const [missing, setMissing] = useState<{
    email?: boolean;
    password?: boolean;
    code?: boolean;
  }>({});
  // Asked for once the password is right.
  const [code, setCode] = useState<string | null>(null);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const emailRef = useRef<HTMLInputElement>(null);
  const passwordRef = useRef<HTMLInputElement>(null);
  const codeRef = useRef<HTMLInputElement>(null);

  useEffect(() => {
    document.title = `${t("signin.title")} · ${organisation || "Kefu"}`;
  }, [t, organisation]);
  useEffect(() => emailRef.current?.focus(), []);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const lacks = {
      email: email.trim() === "",
      password: password === "",
      code: code !== null && code.trim() === "",
    };
    setMissing(lacks);
    if (lacks.email) return emailRef.current?.focus();
    if (lacks.password) return passwordRef.current?.focus();
    if (lacks.code) return codeRef.current?.focus();
    setBusy(true);
    setFailure(null);
    try {
      await api.post("/login", { email: email.trim(), password, code: code ?? undefined });
      client.clear();
      if (search.next?.startsWith("/") && !search.next.startsWith("//")) history.push(search.next);
      else await navigate({ to: "/inbox", search: { view: "mine" } });
    } catch (error) {
      const refused = asApiError(error);
      setBusy(false);
      if (refused.code === "code_required") return setCode("");
      setFailure(refused);
      (code === null ? passwordRef : codeRef).current?.select();
    }
  };

  const startOver = () => {
    setCode(null);
    setPassword("");
    setFailure(null);
  };
  const asksForCode = code !== null;
  useEffect(() => {
    if (asksForCode) codeRef.current?.focus();
  }, [asksForCode]);

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
        {code === null ? (
          <>
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
          </>
        ) : (
          <TextInput
            ref={codeRef}
            label={t("signin.code")}
            description={t("signin.code.hint")}
            autoComplete="one-time-code"
            maxLength={40}
            value={code}
            onChange={(event) => setCode(event.currentTarget.value)}
            error={missing.code && t("signin.code_required")}
            data-testid="signin-code"
          />
        )}
        <Button type="submit" loading={busy} size="md" fullWidth>
          {t("signin.submit")}
        </Button>
        {code === null ? (
          <SsoButton next={search.next} />
        ) : (
          <Button variant="subtle" fullWidth onClick={startOver}>
            {t("signin.start_over")}
          </Button>
        )}
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
