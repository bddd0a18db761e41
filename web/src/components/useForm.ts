/** The state of a form that the desk checks: values, what is wrong with them, and sending it once. */

import i18next from "i18next";
import { type FormEvent, type RefObject, useRef, useState } from "react";
import { type ApiError, asApiError } from "../api/client";
import { fieldErrorText } from "../i18n/words";

type Problems<T> = Partial<Record<keyof T, string>>;

export interface Form<T> {
  ref: RefObject<HTMLFormElement | null>;
  values: T;
  problems: Problems<T>;
  failure: ApiError | null;
  busy: boolean;
  set: <K extends keyof T>(name: K, value: T[K]) => void;
  submit: (event: FormEvent) => Promise<void>;
}

/** `check` says what is missing before anything is sent; what the desk refuses is shown at its field. */
export function useForm<T extends object>(
  initial: T,
  check: (values: T) => (keyof T)[],
  send: (values: T) => Promise<unknown>,
): Form<T> {
  const ref = useRef<HTMLFormElement>(null);
  const [values, setValues] = useState(initial);
  const [problems, setProblems] = useState<Problems<T>>({});
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const show = (found: Problems<T>) => {
    setProblems(found);
    requestAnimationFrame(() =>
      ref.current?.querySelector<HTMLElement>("[aria-invalid=true], [data-invalid=true]")?.focus(),
    );
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setFailure(null);
    const missing = check(values).map((name) => [name, i18next.t("form.required")]);
    show(Object.fromEntries(missing) as Problems<T>);
    if (missing.length > 0 || busy) return;
    setBusy(true);
    try {
      await send(values);
    } catch (error) {
      const refused = asApiError(error);
      const codes = Object.entries(refused.fields);
      const own = codes.filter(([name]) => name in values);
      show(
        Object.fromEntries(own.map(([name, code]) => [name, fieldErrorText(code)])) as Problems<T>,
      );
      if (own.length === 0) setFailure(refused);
    } finally {
      setBusy(false);
    }
  };
  const set: Form<T>["set"] = (name, value) => {
    setValues((old) => ({ ...old, [name]: value }));
    setProblems((old) => ({ ...old, [name]: undefined }));
  };
  return { ref, values, problems, failure, busy, set, submit };
}
