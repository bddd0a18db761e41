/** Asks for one name: Enter saves, an error replaces nothing that was typed. */
import { Button, Modal, TextInput } from "@mantine/core";
import { type FormEvent, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { asApiError } from "../../api/client";
import { errorText, fieldErrorText } from "../../i18n/words";

interface Props {
  title: string;
  label: string;
  initial: string;
  opened: boolean;
  onClose: () => void;
  onSave: (name: string) => Promise<unknown>;
}

export function NameDialog({ title, label, initial, opened, onClose, onSave }: Props) {
  const { t } = useTranslation();
  const [name, setName] = useState(initial);
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    if (!opened) return;
    setName(initial);
    setProblem(null);
  }, [opened, initial]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!name.trim()) return setProblem(t("form.required"));
    setBusy(true);
    try {
      await onSave(name.trim());
      onClose();
    } catch (error) {
      const failure = asApiError(error);
      setProblem(failure.fields.name ? fieldErrorText(failure.fields.name) : errorText(failure));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form onSubmit={submit} noValidate>
        <TextInput
          label={label}
          value={name}
          maxLength={100}
          error={problem}
          data-autofocus
          data-testid="name"
          onChange={(event) => {
            setName(event.currentTarget.value);
            setProblem(null);
          }}
        />
        <div className="form-end" style={{ marginTop: 16 }}>
          <Button variant="default" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button type="submit" loading={busy} data-testid="save">
            {t("action.save")}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
