/** The departments: list, add, rename, delete. */
import { Button, Skeleton, VisuallyHidden } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../../api/client";
import { agentsQuery, departmentsQuery } from "../../api/directory";
import { keys } from "../../api/keys";
import type { Department } from "../../api/types";
import { ErrorNotice, Notice } from "../../components/Notice";
import { say } from "../../components/toasts";
import { listOf } from "../../format/list";
import { DeleteDepartment } from "./DeleteDepartment";
import { NameDialog } from "./NameDialog";

export function Departments() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const list = useQuery(departmentsQuery);
  const agents = useQuery(agentsQuery).data ?? [];
  const [asked, setAsked] = useState<Department | "new" | null>(null);
  const [deleted, setDeleted] = useState<Department | null>(null);
  const renamed = asked === "new" ? null : asked;

  const save = async (name: string) => {
    if (renamed) await api.patch(`/departments/${renamed.id}`, { name });
    else await api.post("/departments", { name });
    say(t(renamed ? "departments.renamed" : "departments.added"));
    await client.invalidateQueries({ queryKey: keys.departments });
  };
  const members = (id: string) => agents.filter((agent) => agent.department_ids.includes(id));
  return (
    <>
      <div className="page-head">
        <h1>{t("settings.departments")}</h1>
        <Button onClick={() => setAsked("new")} data-testid="add-department">
          {t("departments.add")}
        </Button>
      </div>
      {list.isPending && <Skeleton height={160} radius={10} />}
      {list.isError && <ErrorNotice error={list.error} onRetry={() => void list.refetch()} />}
      {list.data?.length === 0 && (
        <Notice icon="building" title={t("departments.empty")} hint={t("departments.empty.hint")}>
          <Button onClick={() => setAsked("new")}>{t("departments.add")}</Button>
        </Notice>
      )}
      {list.data && list.data.length > 0 && (
        <div className="table-box">
          <table className="table">
            <thead>
              <tr>
                <th>{t("departments.name")}</th>
                <th className="wide">{t("settings.agents")}</th>
                <th className="department-do">
                  <VisuallyHidden>{t("action.more")}</VisuallyHidden>
                </th>
              </tr>
            </thead>
            <tbody>
              {list.data.map((department) => (
                <tr key={department.id} data-testid="department-row">
                  <td className="wrap">{department.name}</td>
                  <td className="wide wrap dim">
                    {listOf(members(department.id).map((agent) => agent.name))}
                  </td>
                  <td style={{ textAlign: "right" }}>
                    <span className="row-actions">
                      <Button variant="subtle" size="xs" onClick={() => setAsked(department)}>
                        {t("departments.rename")}
                      </Button>
                      <Button
                        variant="subtle"
                        color="red"
                        size="xs"
                        onClick={() => setDeleted(department)}
                        data-testid="delete-department"
                      >
                        {t("departments.delete")}
                      </Button>
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <NameDialog
        title={t(renamed ? "departments.rename" : "departments.add")}
        label={t("departments.name")}
        initial={renamed?.name ?? ""}
        opened={asked !== null}
        onClose={() => setAsked(null)}
        onSave={save}
      />
      <DeleteDepartment
        department={deleted}
        others={(list.data ?? []).filter((one) => one.id !== deleted?.id)}
        onClose={() => setDeleted(null)}
      />
    </>
  );
}
