/** The profile menu's items: availability, language, light or dark, sign out. */
import { Menu, useMantineColorScheme } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useChangeMe } from "../../api/changeMe";
import { api } from "../../api/client";
import { useMe } from "../../api/directory";
import { Icon } from "../../components/Icon";
import { type MenuTrigger, TriggerButton } from "../../components/OnDemand";
import { sayError } from "../../components/toasts";
import { changeLanguage, type Language, languageNames, languages } from "../../i18n";

const availabilities = ["online", "away", "offline"] as const;
const schemes = ["light", "dark", "auto"] as const;

interface Props {
  trigger: MenuTrigger;
  onShowKeys: () => void;
}

export function ProfileItems({ trigger, onShowKeys }: Props) {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const change = useChangeMe();

  const choose = (language: Language) => {
    void changeLanguage(language);
    change.mutate({ language });
  };
  const signOut = async () => {
    await api.delete("/login").catch((error) => sayError(error, t("action.copy_details")));
    client.clear();
    await navigate({ to: "/signin", search: {} });
  };
  const mark = (on: boolean) =>
    on ? <Icon name="check" size={16} /> : <span style={{ width: 16 }} />;

  return (
    <Menu width={232} defaultOpened>
      <Menu.Target>
        <TriggerButton {...trigger} />
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {me.name} · {t(`role.${me.role}`)}
        </Menu.Label>
        {availabilities.map((availability) => (
          <Menu.Item
            key={availability}
            leftSection={mark(me.availability === availability)}
            onClick={() => change.mutate({ availability })}
          >
            {t(`availability.${availability}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>{t("profile.language")}</Menu.Label>
        {languages.map((language) => (
          <Menu.Item
            key={language}
            lang={language}
            leftSection={mark(i18n.language === language)}
            onClick={() => choose(language)}
          >
            {languageNames[language]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>{t("profile.theme")}</Menu.Label>
        {schemes.map((scheme) => (
          <Menu.Item
            key={scheme}
            leftSection={mark(colorScheme === scheme)}
            onClick={() => setColorScheme(scheme)}
          >
            {t(`profile.theme.${scheme}`)}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          component={Link}
          to="/settings/profile"
          leftSection={<Icon name="user" size={16} />}
        >
          {t("profile.page")}
        </Menu.Item>
        <Menu.Item leftSection={<Icon name="keyboard" size={16} />} onClick={onShowKeys}>
          {t("profile.shortcuts")}
        </Menu.Item>
        <Menu.Item
          leftSection={<Icon name="signout" size={16} />}
          onClick={() => void signOut()}
          data-testid="sign-out"
        >
          {t("profile.sign_out")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
