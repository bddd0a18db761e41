/** The agent's own name, picture, language, time zone, password and logins. */
import { Button, Select, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useChangeMe } from "../../api/changeMe";
import { useMe } from "../../api/directory";
import { Choice } from "../../components/Choice";
import { say } from "../../components/toasts";
import { browserZone } from "../../components/ZoneSelect";
import { changeLanguage, type Language, languageNames, languages } from "../../i18n";
import { ProfilePicture } from "./ProfilePicture";
import { ProfileLogins, ProfilePassword } from "./ProfileSafety";
import { ProfileSecondFactor } from "./ProfileSecondFactor";

const zones = Intl.supportedValuesOf("timeZone");

export function Profile() {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const change = useChangeMe();
  const [name, setName] = useState(me.name);
  const saved = { onSuccess: () => say(t("profile.saved")) };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim()) change.mutate({ name: name.trim() }, saved);
  };
  return (
    <>
      <div className="page-head">
        <h1>{t("profile.title")}</h1>
      </div>
      <div className="form">
        <ProfilePicture />
        <form className="form-row" onSubmit={submit}>
          <TextInput
            label={t("profile.name")}
            value={name}
            maxLength={100}
            onChange={(event) => setName(event.currentTarget.value)}
            error={name.trim() === "" && t("form.required")}
          />
          {name.trim() !== me.name && <Button type="submit">{t("action.save")}</Button>}
        </form>
        <TextInput label={t("profile.email")} value={me.email} readOnly variant="filled" />
        <TextInput
          label={t("profile.role")}
          value={t(`role.${me.role}`)}
          readOnly
          variant="filled"
        />
        <Choice
          label={t("profile.language")}
          options={languages.map((value) => ({ value, label: languageNames[value] }))}
          value={i18n.language as Language}
          onChoose={(language) => {
            void changeLanguage(language);
            change.mutate({ language });
          }}
        />
        <Select
          label={t("profile.time_zone")}
          searchable
          data={[
            { value: "", label: t("profile.time_zone.browser", { zone: browserZone }) },
            ...zones.map((value) => ({ value, label: value })),
          ]}
          value={me.time_zone ?? ""}
          onChange={(value) => change.mutate({ time_zone: value || null }, saved)}
        />
      </div>
      <ProfilePassword />
      <ProfileSecondFactor />
      <ProfileLogins />
    </>
  );
}
