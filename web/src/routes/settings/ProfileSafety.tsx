/** What keeps the own account safe: password, signed-in browsers, tokens of programs. */
import { Button, PasswordInput, Skeleton, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { readAll } from "../../api/directory";
import { keys } from "../../api/keys";
import type { Login } from "../../api/types";
import { CopyButton } from "../../components/CopyButton";
import { ErrorNotice } from "../../components/Notice";
import { say, sayError } from "../../components/toasts";
import { useForm } from "../../components/useForm";
import { fullTime, preciseTime } from "../../format/time";
import { errorText } from "../../i18n/words";
import { deviceOf } from "./device";

export function ProfilePassword() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [round, setRound] = useState(0);
  const changed = () => {
    say(t("profile.password.changed"));
    setRound((old) => old + 1);
    return client.invalidateQueries({ queryKey: keys.myLogins });
  };
  return <PasswordForm key={round} onChanged={changed} />;
}

function PasswordForm({ onChanged }: { onChanged: () => Promise<void> }) {
  const { t } = useTranslation();
  const form = useForm(
    { current_password: "", password: "" },
    (values) => (["current_password", "password"] as const).filter((name) => values[name] === ""),
    async (values) => {
      await api.patch("/me", values);
      await onChanged();
    },
  );
  const field = (name: "current_password" | "password") => ({
    value: form.values[name],
    error: form.problems[name],
    "aria-invalid": form.problems[name] !== undefined,
    visibilityToggleButtonProps: { "aria-label": t("signin.show_password") },
    onChange: (event: React.ChangeEvent<HTMLInputElement>) =>
      form.set(name, event.currentTarget.value),
  });
  return (
    <form className="form" ref={form.ref} onSubmit={form.submit} noValidate>
      <h2 className="form-section">{t("profile.password")}</h2>
      {form.failure && (
        <p className="signin-said" role="alert">
          {errorText(form.failure)}
        </p>
      )}
      <PasswordInput
        label={t("profile.password.current")}
        autoComplete="current-password"
        {...field("current_password")}
      />
      <PasswordInput
        label={t("profile.password.new")}
        description={t("profile.password.hint")}
        autoComplete="new-password"
        {...field("password")}
      />
      <div>
        <Button type="submit" variant="default" loading={form.busy}>
          {t("profile.password.change")}
        </Button>
      </div>
    </form>
  );
}

function useEnd() {
  const { t } = useTranslation();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string | null) => api.delete(`/me/logins${id ? `/${id}` : ""}`),
    onSuccess: () => say(t("profile.logins.ended")),
    onError: (error) => sayError(error, t("action.copy_details")),
    onSettled: () => client.invalidateQueries({ queryKey: keys.myLogins }),
  });
}

export function ProfileLogins() {
  const { t } = useTranslation();
  const logins = useQuery({
    queryKey: keys.myLogins,
    queryFn: () => readAll<Login>("/me/logins"),
  });
  const end = useEnd();
  const browsers = logins.data?.filter(({ kind }) => kind === "browser") ?? [];
  const tokens = logins.data?.filter(({ kind }) => kind === "api") ?? [];
  const newest = [...browsers].sort((a, b) => Number(b.current) - Number(a.current));
  return (
    <>
      <section className="form">
        <h2 className="form-section">{t("profile.logins")}</h2>
        {logins.isPending && <Skeleton height={96} radius={10} />}
        {logins.isError && (
          <ErrorNotice error={logins.error} onRetry={() => void logins.refetch()} />
        )}
        <ul className="logins">
          {newest.map((login) => (
            <LoginRow key={login.id} login={login} onEnd={() => end.mutate(login.id)} />
          ))}
        </ul>
        {browsers.length > 1 && (
          <div>
            <Button variant="default" onClick={() => end.mutate(null)} data-testid="end-others">
              {t("profile.logins.end_others")}
            </Button>
          </div>
        )}
      </section>
      <section className="form">
        <h2 className="form-section">{t("profile.tokens")}</h2>
        <span className="small dim">{t("profile.tokens.hint")}</span>
        <ul className="logins">
          {tokens.map((login) => (
            <LoginRow key={login.id} login={login} onEnd={() => end.mutate(login.id)} />
          ))}
        </ul>
        {logins.isSuccess && tokens.length === 0 && (
          <span className="dim">{t("profile.tokens.none")}</span>
        )}
        <NewToken />
      </section>
    </>
  );
}

function LoginRow({ login, onEnd }: { login: Login; onEnd: () => void }) {
  const { t } = useTranslation();
  const device = deviceOf(login.label) ?? t("profile.logins.unknown");
  const name = login.kind === "browser" ? device : login.label;
  return (
    <li data-testid="login">
      <span style={{ minWidth: 0 }}>
        <b style={{ fontWeight: 600 }} title={login.label}>
          {name}
        </b>
        <span
          className="small dim"
          style={{ display: "block" }}
          title={fullTime(login.last_seen_at)}
        >
          {login.current
            ? t("profile.logins.this")
            : t("profile.logins.seen", { time: preciseTime(login.last_seen_at) })}
        </span>
      </span>
      {!login.current && (
        <Button
          variant="subtle"
          size="xs"
          onClick={onEnd}
          aria-label={`${t("profile.logins.end")}: ${name}`}
        >
          {t("profile.logins.end")}
        </Button>
      )}
    </li>
  );
}

function NewToken() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [made, setMade] = useState<string | null>(null);
  const form = useForm(
    { label: "" },
    ({ label }) => (label.trim() === "" ? ["label"] : []),
    async (values) => {
      const { token } = await api.post<{ token: string }>("/me/tokens", values);
      setMade(token);
      await client.invalidateQueries({ queryKey: keys.myLogins });
    },
  );
  if (made) {
    return (
      <div className="form-row" data-testid="new-token">
        <TextInput
          label={t("profile.tokens.shown")}
          value={made}
          readOnly
          onFocus={(event) => event.currentTarget.select()}
        />
        <CopyButton text={made} size="sm" />
      </div>
    );
  }
  return (
    <form className="form-row" ref={form.ref} onSubmit={form.submit} noValidate>
      <TextInput
        label={t("profile.tokens.label")}
        maxLength={200}
        value={form.values.label}
        error={form.problems.label ?? (form.failure && errorText(form.failure))}
        onChange={(event) => form.set("label", event.currentTarget.value)}
      />
      <Button type="submit" variant="default" loading={form.busy}>
        {t("profile.tokens.create")}
      </Button>
    </form>
  );
}
