/** A still of a video, as WeChat wants it: jpg of at most 64 KB. */

const MAX_BYTES = 64 * 1024;
const SIDE = 480;

export async function captureFrame(file: File): Promise<Blob> {
  const url = URL.createObjectURL(file);
  try {
    return await draw(await seek(url));
  } finally {
    URL.revokeObjectURL(url);
  }
}

function seek(url: string): Promise<HTMLVideoElement> {
  const video = document.createElement("video");
  video.muted = true;
  video.preload = "auto";
  return new Promise((resolve, reject) => {
    const giveUp = setTimeout(() => reject(new Error("no frame in time")), 5000);
    const done = () => {
      clearTimeout(giveUp);
      resolve(video);
    };
    video.onloadeddata = () => {
      video.onseeked = done;
      video.currentTime = Math.min(0.5, video.duration / 2 || 0);
    };
    video.onerror = () => reject(new Error("the video cannot be read"));
    video.src = url;
  });
}

async function draw(video: HTMLVideoElement): Promise<Blob> {
  const scale = Math.min(1, SIDE / Math.max(video.videoWidth, video.videoHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(video.videoWidth * scale));
  canvas.height = Math.max(1, Math.round(video.videoHeight * scale));
  canvas.getContext("2d")?.drawImage(video, 0, 0, canvas.width, canvas.height);
  for (const quality of [0.8, 0.5, 0.25]) {
    const blob = await new Promise<Blob | null>((resolve) =>
      canvas.toBlob(resolve, "image/jpeg", quality),
    );
    if (blob && blob.size <= MAX_BYTES) return blob;
  }
  throw new Error("the frame does not fit");
}
