/** The first page of a new desk: organisation, language, time zone, the first administrator. */
import { Button, PasswordInput, Skeleton, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { meQuery } from "../../api/directory";
import { setupQuery } from "../../api/setup";
import type { Me } from "../../api/types";
import { Choice } from "../../components/Choice";
import { ErrorNotice } from "../../components/Notice";
import { useForm } from "../../components/useForm";
import { browserZone, ZoneSelect } from "../../components/ZoneSelect";
import { changeLanguage, type Language, languageNames, languages } from "../../i18n";
import { errorText } from "../../i18n/words";
import { Outside, SetUpAlready, WhereIsTheLink } from "./Outside";

export function FirstRun() {
  const { t } = useTranslation();
  const { token } = useSearch({ from: "/welcome" });
  const setup = useQuery(setupQuery);
  useEffect(() => {
    document.title = `${t("welcome.title")} · Kefu`;
  }, [t]);
  if (setup.isPending) return <Outside wide>{<Skeleton height={420} radius={10} />}</Outside>;
  if (setup.isError)
    return (
      <Outside wide>
        <ErrorNotice error={setup.error} onRetry={() => void setup.refetch()} />
      </Outside>
    );
  if (!setup.data.needed) return <SetUpAlready />;
  return token ? <Form token={token} /> : <WhereIsTheLink />;
}

const fields = ["organisation", "time_zone", "name", "email", "password"] as const;

function Form({ token }: { token: string }) {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const language = i18n.language as Language;
  const initial = { organisation: "", time_zone: browserZone, name: "", email: "", password: "" };
  const form = useForm(
    initial,
    (values) => fields.filter((name) => values[name].trim() === ""),
    async (values) => {
      const me = await api.post<Me>("/setup", { ...values, language, token });
      client.clear();
      client.setQueryData(meQuery.queryKey, me);
      await navigate({ to: "/settings/channels/wechat/wizard", replace: true });
    },
  );
  const field = (name: (typeof fields)[number]) => ({
    value: form.values[name],
    error: form.problems[name],
    "data-testid": `welcome-${name.replace("_", "-")}`,
  });
  const typed = (name: (typeof fields)[number]) => ({
    ...field(name),
    onChange: (event: React.ChangeEvent<HTMLInputElement>) =>
      form.set(name, event.currentTarget.value),
  });
  return (
    <Outside wide>
      <form className="outside-form" ref={form.ref} onSubmit={form.submit} noValidate>
        <div>
          <h2>{t("welcome.title")}</h2>
          <p>{t("welcome.lead")}</p>
        </div>
        {form.failure && (
          <p className="signin-said" role="alert">
            {errorText(form.failure)}
          </p>
        )}
        <Choice
          label={t("profile.language")}
          description={t("welcome.language.hint")}
          options={languages.map((value) => ({ value, label: languageNames[value] }))}
          value={language}
          onChoose={(value) => void changeLanguage(value)}
          data-testid="welcome-language"
        />
        <TextInput
          label={t("welcome.organisation")}
          description={t("welcome.organisation.hint")}
          maxLength={100}
          autoComplete="organization"
          {...typed("organisation")}
        />
        <ZoneSelect
          label={t("profile.time_zone")}
          {...field("time_zone")}
          onChange={(value) => form.set("time_zone", value ?? "")}
        />
        <h3>{t("welcome.you")}</h3>
        <TextInput
          label={t("welcome.your_name")}
          maxLength={100}
          autoComplete="name"
          {...typed("name")}
        />
        <TextInput
          label={t("signin.email")}
          type="email"
          autoComplete="username"
          {...typed("email")}
        />
        <PasswordInput
          label={t("signin.password")}
          description={t("field_error.password_too_short")}
          visibilityToggleButtonProps={{ "aria-label": t("signin.show_password") }}
          autoComplete="new-password"
          aria-invalid={form.problems.password !== undefined}
          {...typed("password")}
        />
        <Button type="submit" loading={form.busy} size="md" fullWidth data-testid="welcome-submit">
          {t("welcome.submit")}
        </Button>
      </form>
    </Outside>
  );
}
