/** Which square of the picture becomes the icon: dragged, moved with the arrow keys, made larger with the slider. */
import { Button, Modal } from "@mantine/core";
import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useObjectUrl } from "./IconPicker";
import {
  type Crop,
  cropSquare,
  dragged,
  ICON_LIMIT,
  iconType,
  isWhole,
  wholePicture,
} from "./iconRules";

export interface Chosen {
  file: File;
  picture: ImageBitmap;
}

/** Sides of the cut square, largest first: the first that stays within the limit is taken. */
const SIDES = [512, 256, 128];
const VIEW = 240;
const STEP = 8;

const toBlob = (canvas: HTMLCanvasElement, type: string) =>
  new Promise<Blob | null>((done) => canvas.toBlob(done, type, 0.92));

/** The square as a file of its own, in the kind of the original; null where the browser cannot make it. */
async function cut({ file, picture }: Chosen, crop: Crop): Promise<Blob | null> {
  const { left, top, side } = cropSquare(picture.width, picture.height, crop);
  const type = iconType(new Uint8Array(await file.slice(0, 8).arrayBuffer())) ?? "image/png";
  for (const wanted of SIDES) {
    const canvas = document.createElement("canvas");
    canvas.width = Math.min(wanted, Math.ceil(side));
    canvas.height = canvas.width;
    const context = canvas.getContext("2d");
    context?.drawImage(picture, left, top, side, side, 0, 0, canvas.width, canvas.height);
    const made = await toBlob(canvas, type);
    if (!context || !made) return null;
    if (made.size <= ICON_LIMIT) return made;
  }
  return null;
}

interface Props {
  chosen: Chosen;
  onUse: (icon: Blob) => void;
  onClose: () => void;
  onProblem: (code: "icon.unreadable") => void;
}

const arrows: Record<string, { x: number; y: number }> = {
  ArrowLeft: { x: -STEP, y: 0 },
  ArrowRight: { x: STEP, y: 0 },
  ArrowUp: { x: 0, y: -STEP },
  ArrowDown: { x: 0, y: STEP },
};

export function IconCrop({ chosen, onUse, onClose, onProblem }: Props) {
  const { t } = useTranslation();
  const [crop, setCrop] = useState(wholePicture);
  const from = useRef<{ x: number; y: number } | null>(null);
  const url = useObjectUrl(chosen.file);
  const { width, height } = chosen.picture;
  const square = cropSquare(width, height, crop);
  const scale = VIEW / square.side;
  const move = (by: { x: number; y: number }) =>
    setCrop((old) => dragged(old, { width, height }, VIEW, by));

  const drag = (event: PointerEvent) => {
    if (!from.current) return;
    move({ x: event.clientX - from.current.x, y: event.clientY - from.current.y });
    from.current = { x: event.clientX, y: event.clientY };
  };
  const key = (event: KeyboardEvent) => {
    const by = arrows[event.key];
    if (!by) return;
    event.preventDefault();
    move(by);
  };
  const use = async () => {
    const made = isWhole(width, height, crop) ? chosen.file : await cut(chosen, crop);
    if (made) onUse(made);
    else onProblem("icon.unreadable");
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("icon.crop.title")}
      size="auto"
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <div className="crop">
        <div
          className="crop-view"
          role="application"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move the picture
          tabIndex={0}
          aria-label={t("icon.crop.hint")}
          data-testid="crop-view"
          onKeyDown={key}
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            from.current = { x: event.clientX, y: event.clientY };
          }}
          onPointerMove={drag}
          onPointerUp={() => {
            from.current = null;
          }}
        >
          {url && (
            <img
              src={url}
              alt=""
              draggable={false}
              style={{
                width: width * scale,
                height: height * scale,
                transform: `translate(${-square.left * scale}px, ${-square.top * scale}px)`,
              }}
            />
          )}
        </div>
        <label className="crop-zoom">
          <span>{t("icon.crop.zoom")}</span>
          <input
            type="range"
            min={1}
            max={4}
            step={0.05}
            value={crop.zoom}
            data-testid="crop-zoom"
            onChange={(event) => {
              const zoom = Number(event.currentTarget.value);
              setCrop((old) => ({ ...old, zoom }));
            }}
          />
        </label>
        <p className="small dim">{t("icon.crop.hint")}</p>
      </div>
      <div className="form-end">
        <Button variant="default" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button onClick={() => void use()} data-autofocus data-testid="use-icon">
          {t("icon.crop.use")}
        </Button>
      </div>
    </Modal>
  );
}
