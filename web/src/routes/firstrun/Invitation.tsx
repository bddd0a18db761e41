/** An invited agent sets the first password, in their own language, and is in. */
import { Button, PasswordInput, Skeleton } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { api, asApiError } from "../../api/client";
import { meQuery } from "../../api/directory";
import type { Invitation as Invited, Me } from "../../api/types";
import { ErrorNotice } from "../../components/Notice";
import { useForm } from "../../components/useForm";
import { changeLanguage, nearestLanguage } from "../../i18n";
import { errorText, fieldErrorText } from "../../i18n/words";
import { Outside, Said } from "./Outside";

export function Invitation() {
  const { t } = useTranslation();
  const { token } = useParams({ from: "/invitation/$token" });
  const invited = useQuery({
    queryKey: ["invitation", token],
    queryFn: () => api.post<Invited>("/invitations/check", { token }),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const language = nearestLanguage(invited.data?.language);
  useEffect(() => {
    if (language) void changeLanguage(language);
  }, [language]);
  if (invited.isPending) return <Outside>{<Skeleton height={200} radius={10} />}</Outside>;
  if (invited.isSuccess) return <Form token={token} invited={invited.data} />;
  const code = asApiError(invited.error).fields.token;
  if (code) {
    const hint = `${fieldErrorText(code)} ${t("invitation.over.hint")}`;
    return <Said title={t("invitation.over")} hint={hint} />;
  }
  return (
    <Outside>
      <ErrorNotice error={invited.error} onRetry={() => void invited.refetch()} />
    </Outside>
  );
}

function Form({ token, invited }: { token: string; invited: Invited }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const title = t("invitation.title", { name: invited.name });
  useEffect(() => {
    document.title = `${title} · ${invited.organisation || "Kefu"}`;
  }, [title, invited.organisation]);
  const form = useForm(
    { password: "" },
    ({ password }) => (password === "" ? ["password"] : []),
    async ({ password }) => {
      const me = await api.post<Me>("/invitations/accept", { token, password });
      client.clear();
      client.setQueryData(meQuery.queryKey, me);
      await navigate({ to: "/inbox", search: { view: "mine" }, replace: true });
    },
  );
  return (
    <Outside>
      <form className="outside-form" ref={form.ref} onSubmit={form.submit} noValidate>
        <div>
          <h2>{title}</h2>
          <p>
            {invited.organisation && <b>{invited.organisation} · </b>}
            {t("invitation.lead", { email: invited.email })}
          </p>
        </div>
        {form.failure && (
          <p className="signin-said" role="alert">
            {form.failure.fields.token
              ? fieldErrorText(form.failure.fields.token)
              : errorText(form.failure)}
          </p>
        )}
        <input type="hidden" autoComplete="username" value={invited.email} readOnly />
        <PasswordInput
          label={t("signin.password")}
          description={t("field_error.password_too_short")}
          visibilityToggleButtonProps={{ "aria-label": t("signin.show_password") }}
          autoComplete="new-password"
          value={form.values.password}
          error={form.problems.password}
          aria-invalid={form.problems.password !== undefined}
          onChange={(event) => form.set("password", event.currentTarget.value)}
          data-autofocus
          data-testid="invitation-password"
        />
        <Button
          type="submit"
          loading={form.busy}
          size="md"
          fullWidth
          data-testid="invitation-submit"
        >
          {t("invitation.submit")}
        </Button>
      </form>
    </Outside>
  );
}
