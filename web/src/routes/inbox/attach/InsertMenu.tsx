/** What else can be put into a conversation: cards, and files by a link. */
import { Menu } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { RefusalOf } from "../../../api/canSend";
import { Icon } from "../../../components/Icon";
import { type MenuTrigger, TriggerButton } from "../../../components/OnDemand";
import { bytes } from "../../../format/time";

export type Insert = "link" | "miniprogram" | "file";

interface Props {
  trigger: MenuTrigger;
  refusalOf: RefusalOf;
  linkMax: number | null;
  onInsert: (what: Insert) => void;
}

const icons = { link: "link", miniprogram: "app", file: "file" } as const;

export function InsertMenu({ trigger, refusalOf, linkMax, onInsert }: Props) {
  const { t } = useTranslation();
  const hint = (what: Insert) => {
    if (what === "file") return linkMax ? t("insert.file.hint", { size: bytes(linkMax) }) : "";
    const refusal = refusalOf(what);
    return refusal ? t(`error.${refusal}`) : t(`insert.${what}.hint`);
  };
  return (
    <Menu defaultOpened position="top-start" width={320}>
      <Menu.Target>
        <TriggerButton {...trigger} />
      </Menu.Target>
      <Menu.Dropdown>
        {(["link", "miniprogram", "file"] as const).map((what) => (
          <Menu.Item
            key={what}
            className="insert-item"
            leftSection={<Icon name={icons[what]} />}
            disabled={what !== "file" && refusalOf(what) !== null}
            onClick={() => onInsert(what)}
            data-testid={`insert-${what}`}
          >
            {t(`insert.${what}`)}
            <span className="menu-hint">{hint(what)}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
