/** Makes a picture that WeChat takes out of any that the browser can read: a JPEG of at most 2 MB. */

/** Some accounts refuse pictures over 2 MB, whatever the table says: what is shrunk anyway fits there too. */
const GOAL = 2 * 1_048_576;
const SIDES = [2560, 1920, 1280];
const QUALITIES = [0.85, 0.7];

export interface Shrunk {
  file: File;
  before: { bytes: number; width: number; height: number };
  after: { bytes: number; width: number; height: number };
}

/** The longest side is cut to `side`; nothing is made larger. */
export function fitted(width: number, height: number, side: number) {
  const scale = Math.min(1, side / Math.max(width, height));
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

export async function shrink(file: File, goal = GOAL): Promise<Shrunk> {
  const picture = await createImageBitmap(file);
  try {
    const { width, height } = picture;
    for (const side of SIDES) {
      const size = fitted(width, height, side);
      const canvas = drawn(picture, size);
      for (const quality of QUALITIES) {
        const blob = await jpeg(canvas, quality);
        if (blob.size > goal) continue;
        const after = { bytes: blob.size, ...size };
        return { file: named(blob, file.name), before: { bytes: file.size, width, height }, after };
      }
    }
  } finally {
    picture.close();
  }
  throw new Error("the picture does not get small enough");
}

function drawn(picture: ImageBitmap, size: { width: number; height: number }): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, size);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("the browser cannot draw");
  // JPEG knows no transparency; black would be a surprise.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, size.width, size.height);
  context.drawImage(picture, 0, 0, size.width, size.height);
  return canvas;
}

const jpeg = (canvas: HTMLCanvasElement, quality: number): Promise<Blob> =>
  new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error("the browser cannot write JPEG"))),
      "image/jpeg",
      quality,
    ),
  );

const named = (blob: Blob, name: string) =>
  new File([blob], `${name.replace(/\.[^.]*$/, "") || "picture"}.jpg`, { type: "image/jpeg" });
