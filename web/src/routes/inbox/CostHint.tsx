/** Beside the send button: what the next message costs, and a way on where it costs more than is left. */
import { useTranslation } from "react-i18next";
import type { Reply } from "../../api/types";
import { useDeskNow } from "../../format/deskClock";
import { preciseTime } from "../../format/time";
import type { Cost } from "./cost";

interface Props {
  cost: Cost;
  reply: Reply;
  /** How many of the messages are files. */
  files: number;
  dropping: boolean;
  onSendFirst: (count: number) => void;
}

export function CostHint({ cost, reply, files, dropping, onSendFirst }: Props) {
  const { t } = useTranslation();
  const now = useDeskNow();
  const { parts, left } = cost;
  if (cost.wrongKind) return <Warning>{t("cost.kind")}</Warning>;
  if (cost.tooMany && left !== null) {
    return (
      <Warning>
        {left > 0 ? t("cost.parts_left", { parts, left }) : t("cost.nothing_left", { parts })}{" "}
        {left > 0 && (
          <button
            type="button"
            className="text-button"
            onClick={() => onSendFirst(left)}
            data-testid="send-first"
          >
            {t("cost.send_first", { count: left })}
          </button>
        )}
      </Warning>
    );
  }
  if (cost.last) {
    const time = reply.until ? preciseTime(reply.until, now) : "";
    const monthly = reply.route === "monthly";
    return <Warning>{monthly ? t("cost.last.monthly", { time }) : t("cost.last.window")}</Warning>;
  }
  if (dropping) return <span className="composer-hint">{t("composer.drop")}</span>;
  if (parts - files > 1) {
    return (
      <span className="composer-hint" data-tone="plain">
        {t("composer.parts", { count: parts - files })}
      </span>
    );
  }
  return <span className="composer-hint" />;
}

function Warning({ children }: { children: React.ReactNode }) {
  return (
    <span className="composer-hint" data-tone="warn" data-testid="cost">
      {children}
    </span>
  );
}
