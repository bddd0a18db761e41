/** Deletes a department; what it has goes to another one, which is asked for only where it has something. */
import { Button, Modal } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, asApiError } from "../../api/client";
import type { Department } from "../../api/types";
import { Choice } from "../../components/Choice";
import { say, sayError } from "../../components/toasts";

interface Props {
  department: Department | null;
  others: Department[];
  onClose: () => void;
}

interface Uses {
  channels: number;
  conversations: number;
  open: number;
  tickets: number;
}

/** The desk's own count, told when it refuses to delete without a place for these. */
function usesOf(more: Record<string, unknown>): Uses {
  const number = (name: string) => Number(more[name] ?? 0);
  return {
    channels: number("channels"),
    conversations: number("conversations"),
    open: number("open_conversations"),
    tickets: number("tickets"),
  };
}

export function DeleteDepartment({ department, others, onClose }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [uses, setUses] = useState<Uses | null>(null);
  const [target, setTarget] = useState<string | null>(null);
  const id = department?.id;
  useEffect(() => {
    if (!id) return;
    setUses(null);
    setTarget(null);
  }, [id]);
  const chosen = target ?? others[0]?.id ?? null;
  const remove = useMutation({
    mutationFn: () => api.delete(`/departments/${id}${uses && chosen ? `?move_to=${chosen}` : ""}`),
    onSuccess: () => {
      say(t("departments.deleted"));
      onClose();
      return client.invalidateQueries();
    },
    onError: (error) => {
      const refused = asApiError(error);
      if (refused.code === "department_in_use") return setUses(usesOf(refused.more));
      onClose();
      sayError(refused, t("action.copy_details"));
    },
  });
  return (
    <Modal
      opened={department !== null}
      onClose={onClose}
      title={department && t("departments.delete.title", { name: department.name })}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <p style={{ marginTop: 0, lineHeight: 1.6 }} data-testid="department-uses">
        {uses ? t("departments.delete.uses", { ...uses }) : t("departments.delete.empty")}
      </p>
      {uses && others.length === 0 && <p role="alert">{t("departments.delete.nowhere")}</p>}
      {uses && others.length > 0 && (
        <>
          <Choice
            label={t("departments.move_to")}
            options={others.map(({ id: value, name: label }) => ({ value, label }))}
            value={chosen ?? ""}
            onChoose={setTarget}
            data-testid="move-to"
          />
          <p className="small dim" style={{ lineHeight: 1.6 }}>
            {t("departments.delete.agents")}
          </p>
        </>
      )}
      <div className="form-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t("action.cancel")}
        </Button>
        <Button
          color="red"
          loading={remove.isPending}
          disabled={uses !== null && !chosen}
          onClick={() => remove.mutate()}
          data-testid="confirm"
        >
          {t("departments.delete.yes")}
        </Button>
      </div>
    </Modal>
  );
}
