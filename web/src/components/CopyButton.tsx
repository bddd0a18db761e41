/** A button that copies a text and says that it did. */
import { Button, type ButtonProps } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { copyText } from "./copy";
import { Icon } from "./Icon";

interface Props extends ButtonProps {
  text: string;
  label?: string;
  /** For screen readers, when several of them stand together. */
  what?: string;
}

export function CopyButton({ text, label, what, ...rest }: Props) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  const shown = copied ? t("action.copied") : (label ?? t("action.copy"));
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={<Icon name={copied ? "check" : "copy"} size={14} />}
      aria-label={what ? `${shown}: ${what}` : undefined}
      onClick={() => void copyText(text).then(() => setCopied(true))}
      {...rest}
    >
      {shown}
    </Button>
  );
}
