/**
 * AMR, which no browser knows by itself: decoded to samples to be played. It runs in a worker; the code for it is large
 * and loaded when it is first needed.
 */

/** Samples a second of the narrow band, the only one the decoder knows. */
export const AMR_RATE = 8000;
/** A damaged file lets the decoder fall silent instead of failing. */
const PATIENCE_MS = 20_000;

interface Codec {
  decodeAMRAsync(file: Uint8Array): Promise<Float32Array | null>;
}

async function codec(): Promise<Codec> {
  const { default: Codec } = (await import("benz-amr-recorder")) as unknown as {
    default: new () => Codec;
  };
  return new Codec();
}

function inTime<T>(work: Promise<T | null>): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = setTimeout(() => reject(new Error("the codec does not answer")), PATIENCE_MS);
    const settle = (result: T | null) => {
      clearTimeout(giveUp);
      if (result === null) reject(new Error("this is not AMR"));
      else resolve(result);
    };
    work.then(settle, reject);
  });
}

export async function decodeAmr(file: ArrayBuffer): Promise<Float32Array> {
  const found = await codec();
  return inTime(found.decodeAMRAsync(new Uint8Array(file)));
}
