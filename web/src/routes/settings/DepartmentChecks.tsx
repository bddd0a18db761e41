/** Which departments, as ticks: there are few of them, and all are seen at once. */
import { Checkbox, Input } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { departmentsQuery } from "../../api/directory";

interface Props {
  label: string;
  hint?: string;
  required?: boolean;
  chosen: string[];
  problem: string | undefined;
  onChoose: (ids: string[]) => void;
}

export function DepartmentChecks({ label, hint, required, chosen, problem, onChoose }: Props) {
  const { t } = useTranslation();
  const departments = useQuery(departmentsQuery);
  const none = departments.data?.length === 0;
  return (
    <fieldset className="checks" data-testid="field-departments">
      <legend>
        {label}
        {required && <span aria-hidden="true"> *</span>}
      </legend>
      {departments.data?.map(({ id, name }) => (
        <Checkbox
          key={id}
          name="department_ids"
          value={id}
          label={name}
          checked={chosen.includes(id)}
          error={problem !== undefined}
          onChange={(event) =>
            onChoose(
              event.currentTarget.checked ? [...chosen, id] : chosen.filter((one) => one !== id),
            )
          }
        />
      ))}
      {problem ? (
        <Input.Error>{problem}</Input.Error>
      ) : (
        <Input.Description>{none ? t("field.departments.none") : hint}</Input.Description>
      )}
    </fieldset>
  );
}
