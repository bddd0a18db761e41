/** What the desk knows of the organisation: name, language, time zone. */
import { Button, Skeleton, Switch, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { installationQuery } from "../../api/installation";
import { keys } from "../../api/keys";
import type { Installation } from "../../api/types";
import { Choice } from "../../components/Choice";
import { ErrorNotice } from "../../components/Notice";
import { say } from "../../components/toasts";
import { useForm } from "../../components/useForm";
import { ZoneSelect } from "../../components/ZoneSelect";
import { type Language, languageNames, languages } from "../../i18n";
import { errorText } from "../../i18n/words";

export function Organisation() {
  const { t } = useTranslation();
  const query = useQuery(installationQuery);
  return (
    <>
      <div className="page-head">
        <h1>{t("settings.organisation")}</h1>
      </div>
      {query.isPending && <Skeleton height={240} radius={10} />}
      {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && <Form key={query.data.version} installation={query.data} />}
    </>
  );
}

function Form({ installation }: { installation: Installation }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const form = useForm(
    installation,
    ({ organisation }) => (organisation.trim() === "" ? ["organisation"] : []),
    async (values) => {
      const saved = await api.patch<Installation>("/installation", values);
      say(t("organisation.saved"));
      await client.invalidateQueries({ queryKey: keys.me });
      client.setQueryData(keys.installation, saved);
    },
  );
  return (
    <form className="form" ref={form.ref} onSubmit={form.submit} noValidate>
      {form.failure && (
        <p className="signin-said" role="alert">
          {errorText(form.failure)}
        </p>
      )}
      <TextInput
        label={t("welcome.organisation")}
        description={t("welcome.organisation.hint")}
        maxLength={100}
        value={form.values.organisation}
        error={form.problems.organisation}
        onChange={(event) => form.set("organisation", event.currentTarget.value)}
        data-testid="organisation-name"
      />
      <Choice
        label={t("profile.language")}
        description={t("welcome.language.hint")}
        options={languages.map((value) => ({ value, label: languageNames[value] }))}
        value={form.values.language as Language}
        onChoose={(value) => form.set("language", value)}
      />
      <ZoneSelect
        label={t("profile.time_zone")}
        value={form.values.time_zone}
        error={form.problems.time_zone}
        onChange={(value) => form.set("time_zone", value ?? "")}
      />
      <Switch
        label={t("organisation.second_factor")}
        description={t("organisation.second_factor.hint")}
        checked={form.values.second_factor_required}
        onChange={(event) => form.set("second_factor_required", event.currentTarget.checked)}
        data-testid="second-factor-required"
      />
      <div className="form-end">
        <Button type="submit" loading={form.busy} data-testid="save">
          {t("action.save")}
        </Button>
      </div>
    </form>
  );
}
