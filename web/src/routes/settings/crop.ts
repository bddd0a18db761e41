/** Cuts a square out of a picture. */

/** Sides of what is sent: sharp on every screen, and far below 1 MB. */
export const SIDE = 384;

export interface Crop {
  /** 1 = the largest square that fits. */
  zoom: number;
  /** Where the square stands between the left (0) and the right (1) edge. */
  x: number;
  y: number;
}

/** The square in the picture's own pixels. */
export function square(size: { width: number; height: number }, { zoom, x, y }: Crop) {
  const side = Math.min(size.width, size.height) / zoom;
  return { left: (size.width - side) * x, top: (size.height - side) * y, side };
}

export function drawCrop(canvas: HTMLCanvasElement, image: ImageBitmap, crop: Crop): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const { left, top, side } = square(image, crop);
  // A picture may be transparent, and JPEG is not.
  context.fillStyle = "#fff";
  context.fillRect(0, 0, SIDE, SIDE);
  context.imageSmoothingQuality = "high";
  context.drawImage(image, left, top, side, side, 0, 0, SIDE, SIDE);
}

export function toFile(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    const done = (blob: Blob | null) => (blob ? resolve(blob) : reject(new Error("no picture")));
    canvas.toBlob(done, "image/jpeg", 0.9);
  });
}
