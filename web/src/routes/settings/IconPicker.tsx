/** Chooses the channel's picture: judged by content at once, cut to a square, shown before anything is saved. */
import { Button } from "@mantine/core";
import { type DragEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { bytes } from "../../format/time";
import { ChannelIcon } from "./ChannelIcon";
import { type Chosen, IconCrop } from "./IconCrop";
import { type IconProblem, iconProblem } from "./iconRules";

interface Props {
  current: string | null;
  icon: Blob | null;
  onIcon: (file: Blob | null) => void;
}

/** The address of a picture in memory, for as long as it is shown. */
export function useObjectUrl(blob: Blob | null): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (!blob) return setUrl(null);
    const made = URL.createObjectURL(blob);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return url;
}

async function judge(file: File): Promise<IconProblem | "icon.unreadable" | Chosen> {
  const head = new Uint8Array(await file.slice(0, 8).arrayBuffer());
  const problem = iconProblem(head, file.size);
  if (problem) return problem;
  const picture = await createImageBitmap(file).catch(() => null);
  return picture ? { file, picture } : "icon.unreadable";
}

export function IconPicker({ current, icon, onIcon }: Props) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [over, setOver] = useState(false);
  const preview = useObjectUrl(icon);

  const choose = async (file: File | undefined) => {
    if (!file) return;
    const found = await judge(file);
    if (typeof found !== "string") {
      setProblem(null);
      return setChosen(found);
    }
    setProblem(t(found, { name: file.name, size: bytes(file.size, "up") }));
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void choose(event.dataTransfer.files[0]);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping a file is a short cut for the button
    <div
      className="icon-picker"
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <ChannelIcon url={preview ?? current} />
      <div>
        <div className="buttons">
          <Button variant="default" size="xs" onClick={() => input.current?.click()}>
            {t(icon || current ? "field.icon.change" : "field.icon.choose")}
          </Button>
          {icon && (
            <Button variant="subtle" size="xs" onClick={() => onIcon(null)}>
              {t("field.icon.undo")}
            </Button>
          )}
        </div>
        <div
          className={problem ? "field-error" : "small dim"}
          role={problem ? "alert" : undefined}
          data-testid="icon-hint"
        >
          {problem ?? t(icon ? "field.icon.chosen" : "field.icon.hint")}
        </div>
        <input
          ref={input}
          type="file"
          hidden
          accept="image/jpeg,image/png"
          aria-label={t("field.icon")}
          data-testid="icon-input"
          onChange={(event) => {
            void choose(event.currentTarget.files?.[0]);
            event.currentTarget.value = "";
          }}
        />
      </div>
      {chosen && (
        <IconCrop
          chosen={chosen}
          onClose={() => setChosen(null)}
          onUse={(made) => {
            onIcon(made);
            setChosen(null);
          }}
          onProblem={(code) => {
            setProblem(t(code));
            setChosen(null);
          }}
        />
      )}
    </div>
  );
}
