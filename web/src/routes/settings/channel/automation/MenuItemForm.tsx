/** One item of the menu: its name, what it does, its place. */
import { Button, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Choice } from "../../../../components/Choice";
import { Icon } from "../../../../components/Icon";
import { fieldErrorText } from "../../../../i18n/words";
import { byteLength, MAX_TEXT_BYTES } from "../../../../outbox/split";
import type { Answer, ItemKind, MenuItem } from "./automationApi";
import {
  fieldOf,
  KEY_BYTES,
  NAME_BELOW_BYTES,
  NAME_BYTES,
  offered,
  ofKind,
  type Place,
} from "./menuTree";

interface Props {
  item: MenuItem;
  place: Place;
  /** How many are beside it. */
  count: number;
  answers: Answer[];
  fields: Record<string, string>;
  onChange: (change: Partial<MenuItem>) => void;
  onReplace: (item: MenuItem) => void;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
  onAddBelow: () => void;
}

export function MenuItemForm(props: Props) {
  const { t } = useTranslation();
  const { item, place, count, fields, onChange } = props;
  const top = place.length === 1;
  const most = top ? NAME_BYTES : NAME_BELOW_BYTES;
  const used = byteLength(item.name);
  const at = place[place.length - 1] ?? 0;
  const problem = (field: string) => {
    const code = fields[fieldOf(place, field)];
    return code ? fieldErrorText(code) : undefined;
  };
  const kinds = offered.includes(item.kind) ? offered : [...offered, item.kind];
  return (
    <div className="menu-form">
      <TextInput
        label={t("automation.menu.name")}
        value={item.name}
        error={
          problem("name") ??
          (used > most ? t("automation.menu.name_long", { used, most }) : undefined)
        }
        description={t("automation.menu.name_bytes", { used, most })}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
        data-testid="item-name"
      />
      {item.kind === "submenu" ? (
        <p className="dim small">{t("automation.menu.submenu_hint")}</p>
      ) : (
        <>
          <Choice
            label={t("automation.menu.kind")}
            options={kinds.map((kind) => ({ value: kind, label: t(`automation.kind.${kind}`) }))}
            value={item.kind}
            onChoose={(kind: ItemKind) => props.onReplace(ofKind(item, kind))}
            data-testid="item-kind"
          />
          <Particulars {...props} problem={problem} />
        </>
      )}
      <div className="menu-form-end">
        <Button
          variant="default"
          size="xs"
          disabled={at === 0}
          onClick={() => props.onMove(-1)}
          aria-label={t("automation.menu.move_back")}
        >
          <Icon name="back" size={14} />
        </Button>
        <Button
          variant="default"
          size="xs"
          disabled={at >= count - 1}
          onClick={() => props.onMove(1)}
          aria-label={t("automation.menu.move_on")}
        >
          <Icon name="next" size={14} />
        </Button>
        {top && item.kind !== "submenu" && (
          <Button variant="default" size="xs" onClick={props.onAddBelow}>
            {t("automation.menu.make_submenu")}
          </Button>
        )}
        <Button
          variant="subtle"
          color="red"
          size="xs"
          onClick={props.onRemove}
          data-testid="remove-item"
        >
          {t("automation.menu.remove")}
        </Button>
      </div>
    </div>
  );
}

type Particular = Props & { problem: (field: string) => string | undefined };

/** What the kind of the item needs. */
function Particulars(props: Particular) {
  const { t } = useTranslation();
  const { item, onChange, problem } = props;
  const line = (field: "url" | "app_id" | "page_path" | "key" | "value", label: string) => (
    <TextInput
      label={label}
      value={item[field] ?? ""}
      error={problem(field)}
      maxLength={field === "key" ? KEY_BYTES : 1024}
      onChange={(event) => onChange({ [field]: event.currentTarget.value })}
      data-testid={`item-${field}`}
    />
  );
  switch (item.kind) {
    case "answer":
      return <AnswerText {...props} />;
    case "view":
      return line("url", t("automation.menu.url"));
    case "miniprogram":
      return (
        <>
          {line("app_id", t("automation.menu.app_id"))}
          {line("page_path", t("automation.menu.page_path"))}
          {line("url", t("automation.menu.old_url"))}
        </>
      );
    case "media":
    case "view_limited":
    case "article":
    case "view_article":
      return line("value", t("automation.menu.value"));
    default:
      return line("key", t("automation.menu.key"));
  }
}

function AnswerText({ item, answers, onChange, problem }: Particular) {
  const { t } = useTranslation();
  const kept = answers.find((one) => one.occasion === "menu_click" && one.keyword === item.key);
  if (item.text === undefined && kept) {
    return (
      <div>
        <p className="dim small">
          {t("automation.menu.kept_answer", { kind: t(`automation.content.${kept.kind}`) })}
        </p>
        <Button variant="default" size="xs" onClick={() => onChange({ text: "" })}>
          {t("automation.menu.write_text")}
        </Button>
      </div>
    );
  }
  const used = byteLength(item.text ?? "");
  return (
    <Textarea
      label={t("automation.menu.text")}
      description={t("automation.bytes", { used, most: MAX_TEXT_BYTES })}
      value={item.text ?? ""}
      error={problem("text") ?? (used > MAX_TEXT_BYTES ? t("field_error.too_long") : undefined)}
      autosize
      minRows={3}
      maxRows={10}
      onChange={(event) => onChange({ text: event.currentTarget.value })}
      data-testid="item-text"
    />
  );
}
