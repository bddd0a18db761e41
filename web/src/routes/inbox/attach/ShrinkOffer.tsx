/** A file that cannot be sent as it is: why, and what can be done. A picture is shrunk only on consent. */
import { Loader } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../../../components/Icon";
import { bytes } from "../../../format/time";
import type { Upload } from "../useUploads";
import type { Shrunk } from "./shrink";

interface Props {
  upload: Upload;
  onReplace: (file: File) => void;
  onLink: () => void;
  onRetry: () => void;
  onDrop: () => void;
}

type State = "asked" | "working" | "impossible" | Shrunk;

export function ShrinkOffer({ upload, onReplace, onLink, onRetry, onDrop }: Props) {
  const { t } = useTranslation();
  const [state, setState] = useState<State>("asked");
  const start = () => {
    setState("working");
    import("./shrink")
      .then(({ shrink }) => shrink(upload.file))
      .then(setState, () => setState("impossible"));
  };
  if (typeof state === "object") {
    return <Comparison shrunk={state} onTake={() => onReplace(state.file)} onDrop={onDrop} />;
  }
  const mayShrink = upload.offers.includes("shrink") && state !== "impossible";
  const isAnimated = upload.file.type === "image/gif";
  return (
    <div className="file-offer" role="alert" data-tone="danger" data-testid="file-problem">
      <Icon name="alert" size={16} />
      <span className="file-offer-words">
        <b>{upload.name}</b> · {upload.problem}
        {state === "impossible" && ` ${t("attach.unreadable")}`}
        {mayShrink && isAnimated && ` ${t("attach.first_frame")}`}
      </span>
      <span className="file-offer-actions">
        {state === "working" && <Loader size={14} />}
        {upload.offers.includes("retry") && (
          <button type="button" onClick={onRetry} data-testid="retry-upload">
            {t("attach.retry")}
          </button>
        )}
        {mayShrink && (
          <button type="button" disabled={state === "working"} onClick={start} data-testid="shrink">
            {t("attach.shrink")}
          </button>
        )}
        {upload.offers.includes("link") && (
          <button type="button" onClick={onLink} data-testid="as-link">
            {t("attach.as_link")}
          </button>
        )}
        <button type="button" onClick={onDrop}>
          {t("attach.drop")}
        </button>
      </span>
    </div>
  );
}

interface ComparisonProps {
  shrunk: Shrunk;
  onTake: () => void;
  onDrop: () => void;
}

function Comparison({ shrunk, onTake, onDrop }: ComparisonProps) {
  const { t } = useTranslation();
  const [preview, setPreview] = useState("");
  useEffect(() => {
    const url = URL.createObjectURL(shrunk.file);
    setPreview(url);
    return () => URL.revokeObjectURL(url);
  }, [shrunk.file]);
  const { before, after } = shrunk;
  return (
    <div className="file-offer" data-testid="shrunk">
      {preview && <img src={preview} alt="" />}
      <span className="file-offer-words tabular">
        <b>{shrunk.file.name}</b>
        <br />
        {bytes(before.bytes)} → <b>{bytes(after.bytes)}</b>
        <span className="dim">
          {" "}
          · {before.width} × {before.height} → {after.width} × {after.height}
        </span>
      </span>
      <span className="file-offer-actions">
        <button type="button" onClick={onTake} data-testid="take-shrunk">
          {t("attach.take_shrunk")}
        </button>
        <button type="button" onClick={onDrop}>
          {t("attach.drop")}
        </button>
      </span>
    </div>
  );
}
