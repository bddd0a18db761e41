/** One line of a list of facts, with a button to copy it where it has to go somewhere else. */
import type { ReactNode } from "react";
import { CopyButton } from "../../components/CopyButton";

interface Props {
  label: string;
  children: ReactNode;
  copy?: string | null;
}

export function Fact({ label, children, copy }: Props) {
  return (
    <>
      <dt>{label}</dt>
      <dd>
        <span>{children}</span>
        {copy && <CopyButton text={copy} what={label} />}
      </dd>
    </>
  );
}
