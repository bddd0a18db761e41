/** The rules of a channel's icon, judged by content as the desk does, and the geometry of its square. */

export const ICON_LIMIT = 1_048_576;

export type IconProblem = "icon.empty" | "icon.kind" | "icon.too_large";

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const JPEG = [0xff, 0xd8, 0xff];

/** What the first bytes are; the name of the file says nothing. */
export function iconType(head: Uint8Array): "image/png" | "image/jpeg" | null {
  const begins = (bytes: number[]) => bytes.every((byte, at) => head[at] === byte);
  if (begins(PNG)) return "image/png";
  return begins(JPEG) ? "image/jpeg" : null;
}

/** The rule that a file breaks. One of exactly 1 MB is taken. */
export function iconProblem(head: Uint8Array, size: number): IconProblem | null {
  if (size === 0) return "icon.empty";
  if (!iconType(head)) return "icon.kind";
  return size > ICON_LIMIT ? "icon.too_large" : null;
}

/** Where the square lies in the picture: its middle and side as shares of what is possible. */
export interface Crop {
  /** 1 = as much as fits. */
  zoom: number;
  /** 0 = left or top, 1 = right or bottom. */
  x: number;
  y: number;
}

export const wholePicture: Crop = { zoom: 1, x: 0.5, y: 0.5 };

const share = (value: number) => Math.min(1, Math.max(0, value));

/** The square in pixels of the picture. */
export function cropSquare(width: number, height: number, crop: Crop) {
  const side = Math.min(width, height) / Math.max(1, crop.zoom);
  return { left: (width - side) * share(crop.x), top: (height - side) * share(crop.y), side };
}

/** The crop after the picture was dragged by so many pixels of a view with this side. */
export function dragged(
  crop: Crop,
  picture: { width: number; height: number },
  view: number,
  by: { x: number; y: number },
): Crop {
  const { side } = cropSquare(picture.width, picture.height, crop);
  const moved = (room: number, at: number, pixels: number) =>
    room <= 0 ? at : share(at - (pixels * side) / view / room);
  return {
    zoom: crop.zoom,
    x: moved(picture.width - side, crop.x, by.x),
    y: moved(picture.height - side, crop.y, by.y),
  };
}

/** Whether the picture is used as it is: nothing is cut off, nothing is made worse. */
export const isWhole = (width: number, height: number, crop: Crop) =>
  width === height && crop.zoom <= 1;
