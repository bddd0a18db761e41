/** Samples as a file that every browser plays, with seeking and speed: 16-bit WAV, one channel. */

const HEAD_BYTES = 44;

export function wav(samples: Float32Array, rate: number): Blob {
  const view = new DataView(new ArrayBuffer(HEAD_BYTES + samples.length * 2));
  const text = (at: number, word: string) => {
    for (const [index, letter] of [...word].entries()) {
      view.setUint8(at + index, letter.charCodeAt(0));
    }
  };
  text(0, "RIFF");
  view.setUint32(4, view.byteLength - 8, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, samples.length * 2, true);
  samples.forEach((sample, index) => {
    const clipped = Math.max(-1, Math.min(1, sample));
    view.setInt16(HEAD_BYTES + index * 2, Math.round(clipped * 32_767), true);
  });
  return new Blob([view.buffer], { type: "audio/wav" });
}
