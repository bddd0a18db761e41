/** One tap that fills the reply box with a request, where what the customer sent does not arrive. */
import { Button } from "@mantine/core";
import { useContext } from "react";
import { useTranslation } from "react-i18next";
import { ComposerPut } from "./composerPut";

export type AskedFor = "sticker" | "file" | "unsupported" | "media" | "too_large";

export function AskAgain({ what }: { what: AskedFor }) {
  const { t } = useTranslation();
  const put = useContext(ComposerPut);
  if (!put) return null;
  return (
    <Button
      variant="default"
      size="compact-sm"
      className="ask-again"
      title={t("bubble.ask_hint")}
      onClick={() => put(t(`bubble.ask.${what}`))}
      data-testid="ask-again"
    >
      {t("bubble.ask")}
    </Button>
  );
}
