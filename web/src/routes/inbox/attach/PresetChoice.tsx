/** The cards an administrator keeps ready: a few as buttons, many in a list that is searched. */
import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { CardPreset } from "../../../api/types";
import { Icon } from "../../../components/Icon";

/** So many fit without searching. */
const FEW = 6;

interface Props {
  presets: CardPreset[];
  taken: string | null;
  onTake: (preset: CardPreset) => void;
}

export function PresetChoice({ presets, taken, onTake }: Props) {
  const { t } = useTranslation();
  if (presets.length > FEW) {
    return (
      <Select
        label={t("card.presets")}
        placeholder={t("card.presets.search")}
        nothingFoundMessage={t("card.presets.none")}
        searchable
        data={presets.map(({ id, name }) => ({ value: id, label: name }))}
        value={taken}
        onChange={(id) => {
          const found = presets.find((preset) => preset.id === id);
          if (found) onTake(found);
        }}
        data-testid="preset-search"
      />
    );
  }
  return (
    <fieldset className="presets">
      <legend>{t("card.presets")}</legend>
      {presets.map((preset) => (
        <button
          key={preset.id}
          type="button"
          aria-pressed={preset.id === taken}
          onClick={() => onTake(preset)}
          data-testid="preset"
        >
          {preset.picture_url ? (
            <img src={preset.picture_url} alt="" width={20} height={20} />
          ) : (
            <Icon name={preset.kind === "link" ? "link" : "app"} size={16} />
          )}
          <span className="one-line">{preset.name}</span>
        </button>
      ))}
    </fieldset>
  );
}
