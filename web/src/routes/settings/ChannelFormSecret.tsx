/** Token and EncodingAESKey: typed, pasted or made at random; shown and copied. */
import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import type { ChannelSecret } from "../../api/types";
import { CopyButton } from "../../components/CopyButton";
import { sayError } from "../../components/toasts";
import type { FormPart } from "./ChannelFormSections";
import { WhereFound } from "./WhereFound";

interface Props {
  form: FormPart;
  name: "token" | "encoding_aes_key";
}

export function ChannelFormSecret({ form, name }: Props) {
  const { t } = useTranslation();
  const { fields, problems, set } = form;
  // What is stored is covered; what is typed has to be seen.
  const [shown, setShown] = useState(fields[name] === "");
  const generate = async () => {
    try {
      const made = await api.post<ChannelSecret>("/channels/generate-secret");
      set(name, made[name]);
      setShown(true);
    } catch (error) {
      sayError(error, t("action.copy_details"));
    }
  };
  const label = t(`field.${name}`);
  return (
    <div className="field">
      <div className="with-buttons">
        <TextInput
          name={name}
          label={label}
          type={shown ? "text" : "password"}
          value={fields[name]}
          onChange={(event) => set(name, event.currentTarget.value)}
          error={problems[name]}
          description={t(`field.${name}.hint`)}
          className="mono-input"
          autoComplete="off"
          spellCheck={false}
          data-testid={`field-${name}`}
        />
        <div className="buttons">
          <Button
            variant="default"
            onClick={() => void generate()}
            aria-label={`${t("field.generate")}: ${label}`}
            data-testid={name === "token" ? "generate-token" : "generate-key"}
          >
            {t("field.generate")}
          </Button>
          {fields[name] && (
            <>
              <Button
                variant="default"
                aria-pressed={shown}
                aria-label={`${t(shown ? "field.hide" : "field.show")}: ${label}`}
                onClick={() => setShown(!shown)}
              >
                {t(shown ? "field.hide" : "field.show")}
              </Button>
              <CopyButton size="sm" text={fields[name]} what={label} />
            </>
          )}
        </div>
      </div>
      <WhereFound place="callback" test={fields.account_kind === "test"} />
    </div>
  );
}
