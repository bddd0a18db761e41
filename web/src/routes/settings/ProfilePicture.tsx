/** The own picture: chosen, cut to a square in the browser, and sent. */
import { Button, Modal } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { request } from "../../api/client";
import { meQuery, useMe } from "../../api/directory";
import { keys } from "../../api/keys";
import type { Me } from "../../api/types";
import { Avatar } from "../../components/Avatar";
import { say, sayError } from "../../components/toasts";
import { type Crop, drawCrop, SIDE, toFile } from "./crop";

export function ProfilePicture() {
  const { t } = useTranslation();
  const me = useMe();
  const client = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [image, setImage] = useState<ImageBitmap | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const change = useMutation({
    mutationFn: (file: Blob | null) => {
      if (!file) return request<Me>("DELETE", "/me/picture");
      const form = new FormData();
      form.append("file", file, "picture.jpg");
      return request<Me>("PUT", "/me/picture", { form });
    },
    onSuccess: (saved) => {
      client.setQueryData(meQuery.queryKey, saved);
      say(t("profile.saved"));
      setImage(null);
      return client.invalidateQueries({ queryKey: keys.agents });
    },
    onError: (error) => sayError(error, t("action.copy_details")),
  });
  const choose = async (file: File | undefined) => {
    if (!file) return;
    setProblem(null);
    try {
      setImage(await createImageBitmap(file));
    } catch {
      setProblem(t("profile.picture.unreadable"));
    }
  };
  return (
    <div className="profile-picture">
      <Avatar id={me.id} name={me.name} size={64} picture={me.picture_url} />
      <div>
        <Button variant="default" size="xs" onClick={() => input.current?.click()}>
          {t("profile.picture.choose")}
        </Button>{" "}
        {me.picture_url && (
          <Button
            variant="subtle"
            color="red"
            size="xs"
            loading={change.isPending}
            onClick={() => change.mutate(null)}
          >
            {t("profile.picture.remove")}
          </Button>
        )}
        <div className="small dim" role={problem ? "alert" : undefined} style={{ marginTop: 4 }}>
          {problem ?? t("profile.picture.hint")}
        </div>
      </div>
      <input
        ref={input}
        type="file"
        hidden
        accept="image/jpeg,image/png"
        aria-label={t("profile.picture")}
        data-testid="picture-input"
        onChange={(event) => {
          void choose(event.currentTarget.files?.[0]);
          event.currentTarget.value = "";
        }}
      />
      <Modal
        opened={image !== null}
        onClose={() => setImage(null)}
        title={t("profile.picture.crop")}
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        {image && (
          <Cropping image={image} busy={change.isPending} onDone={(file) => change.mutate(file)} />
        )}
      </Modal>
    </div>
  );
}

interface CroppingProps {
  image: ImageBitmap;
  busy: boolean;
  onDone: (file: Blob) => void;
}

function Cropping({ image, busy, onDone }: CroppingProps) {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [crop, setCrop] = useState<Crop>({ zoom: 1, x: 0.5, y: 0.5 });
  useEffect(() => {
    if (canvas.current) drawCrop(canvas.current, image, crop);
  }, [image, crop]);
  const drag = (event: React.PointerEvent) => {
    if (event.buttons !== 1) return;
    const step = 1 / (240 * crop.zoom);
    const keep = (value: number) => Math.min(1, Math.max(0, value));
    setCrop((old) => ({
      ...old,
      x: keep(old.x - event.movementX * step),
      y: keep(old.y - event.movementY * step),
    }));
  };
  const slider = (label: string, name: keyof Crop, min: number, max: number) => (
    <label>
      {label}
      <input
        type="range"
        min={min}
        max={max}
        step={0.01}
        value={crop[name]}
        onChange={({ currentTarget: { valueAsNumber } }) =>
          setCrop((old) => ({ ...old, [name]: valueAsNumber }))
        }
      />
    </label>
  );
  return (
    <div className="picture-crop">
      <canvas ref={canvas} width={SIDE} height={SIDE} onPointerMove={drag} />
      {slider(t("profile.picture.zoom"), "zoom", 1, 4)}
      {slider(t("profile.picture.sideways"), "x", 0, 1)}
      {slider(t("profile.picture.upright"), "y", 0, 1)}
      <div className="form-end">
        <Button
          loading={busy}
          onClick={() => canvas.current && void toFile(canvas.current).then(onDone)}
          data-testid="save-picture"
        >
          {t("action.save")}
        </Button>
      </div>
    </div>
  );
}
