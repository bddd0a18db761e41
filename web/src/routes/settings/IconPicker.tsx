/** Chooses the channel's picture; a file that breaks the rule is refused at once, in words. */
import { Button } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { iconProblem } from "../../outbox/fileRules";
import { ChannelIcon } from "./ChannelIcon";

interface Props {
  current: string | null;
  icon: File | null;
  onIcon: (file: File | null) => void;
}

export function IconPicker({ current, icon, onIcon }: Props) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [preview, setPreview] = useState<string | null>(null);
  useEffect(() => {
    if (!icon) return setPreview(null);
    const url = URL.createObjectURL(icon);
    setPreview(url);
    return () => URL.revokeObjectURL(url);
  }, [icon]);

  const choose = (file: File | undefined) => {
    if (!file) return;
    const found = iconProblem(file);
    setProblem(found);
    if (!found) onIcon(file);
  };
  return (
    <div className="icon-picker">
      <ChannelIcon url={preview ?? current} />
      <div>
        <Button variant="default" size="xs" onClick={() => input.current?.click()}>
          {t("field.icon.choose")}
        </Button>
        <div
          className="small"
          role={problem ? "alert" : undefined}
          style={{ marginTop: 4, color: problem ? "var(--k-danger)" : "var(--k-dim)" }}
        >
          {problem ?? t("field.icon.hint")}
        </div>
        <input
          ref={input}
          type="file"
          hidden
          accept="image/jpeg,image/png"
          aria-label={t("field.icon")}
          data-testid="icon-input"
          onChange={(event) => {
            choose(event.currentTarget.files?.[0]);
            event.currentTarget.value = "";
          }}
        />
      </div>
    </div>
  );
}
