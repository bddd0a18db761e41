// The AMR codec: records the microphone as AMR, and plays AMR, which no browser does by itself.
// It is large, so it is fetched with the first voice message. Where it comes from: vendor/benz-amr-recorder/NOTICE.

import { el } from "./dom.mjs";

const SOURCE = "vendor/benz-amr-recorder/BenzAMRRecorder.min.js";
let loading = null;

/** The codec's class. A load that failed is tried again the next time. */
function codec() {
  loading ??= load().catch((error) => {
    loading = null;
    throw error;
  });
  return loading;
}

function load() {
  return new Promise((resolve, reject) => {
    const script = el("script", { src: SOURCE });
    script.addEventListener("load", () => resolve(globalThis.BenzAMRRecorder));
    script.addEventListener("error", () => reject(new Error(`${SOURCE} cannot be loaded`)));
    document.head.append(script);
  });
}

/** Whether this page may ask for a microphone: browsers allow it on https and on this machine. */
export function canRecord() {
  return Boolean(navigator.mediaDevices?.getUserMedia);
}

/** Records from now on: `finish()` answers the file, `cancel()` forgets it. Either gives the microphone back. */
export async function record() {
  const amr = new (await codec())();
  await amr.initWithRecord();
  amr.startRecord();
  return {
    async finish() {
      await amr.finishRecord();
      return new File([amr.getBlob()], "voice.amr", { type: "audio/amr" });
    },
    cancel: () => amr.cancelRecord(),
  };
}

/** Plays the bytes of an AMR recording, calls `onEnded` at its end; answers what stops it. */
export async function playAmr(bytes, onEnded) {
  const amr = new (await codec())();
  await amr.initWithArrayBuffer(bytes);
  amr.onEnded(onEnded);
  amr.play();
  return () => amr.stop();
}
