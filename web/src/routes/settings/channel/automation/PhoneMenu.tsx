/** The menu as it is at the bottom of a customer's chat; an item is chosen by tapping it. */
import { useTranslation } from "react-i18next";
import { Icon } from "../../../../components/Icon";
import type { MenuItem } from "./automationApi";
import { MOST, MOST_BELOW, type Place, samePlace } from "./menuTree";

interface Props {
  items: MenuItem[];
  chosen?: Place | null;
  wrong?: Set<string>;
  /** Without room for a chat, where the menu is only looked at. */
  small?: boolean;
  onChoose?: (place: Place) => void;
  onAdd?: () => void;
  onAddBelow?: (place: Place) => void;
}

export function PhoneMenu({
  items,
  chosen = null,
  wrong,
  small,
  onChoose,
  onAdd,
  onAddBelow,
}: Props) {
  const { t } = useTranslation();
  const open = chosen ? items[chosen[0] ?? -1] : undefined;
  const below = open?.kind === "submenu" ? (open.items ?? []) : [];
  const parent = chosen?.[0] ?? 0;
  const button = (item: MenuItem, place: Place, path: string) => (
    <button
      type="button"
      key={path}
      className="phone-item"
      aria-pressed={samePlace(chosen, place)}
      data-wrong={wrong?.has(path) || undefined}
      disabled={!onChoose}
      onClick={() => onChoose?.(place)}
      data-testid="menu-item"
    >
      {item.kind === "submenu" && <span aria-hidden="true">≡ </span>}
      <bdi className="one-line">{item.name || t("automation.menu.unnamed")}</bdi>
      {wrong?.has(path) && <Icon name="alert" size={14} />}
    </button>
  );
  return (
    <div className="phone" data-small={small} data-testid="phone-menu">
      <div className="phone-chat">
        {open && (
          <div
            className="phone-below"
            style={{ gridColumn: `${Math.min(parent, MOST - 1) + 1}`, gridRow: 1 }}
          >
            {below.map((item, index) =>
              button(item, [parent, index], `items.${parent}.items.${index}`),
            )}
            {onAddBelow && below.length < MOST_BELOW && (
              <button
                type="button"
                className="phone-item phone-add"
                onClick={() => onAddBelow([parent])}
                data-testid="add-below"
              >
                <Icon name="plus" size={14} />
                {t("automation.menu.add_below")}
              </button>
            )}
          </div>
        )}
      </div>
      <div className="phone-bar">
        {items.map((item, index) => button(item, [index], `items.${index}`))}
        {onAdd && items.length < MOST && (
          <button
            type="button"
            className="phone-item phone-add"
            onClick={onAdd}
            data-testid="add-item"
          >
            <Icon name="plus" size={14} />
            {t("automation.menu.add")}
          </button>
        )}
        {items.length === 0 && !onAdd && (
          <span className="phone-empty">{t("automation.menu.none")}</span>
        )}
      </div>
    </div>
  );
}
