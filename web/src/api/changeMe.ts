/** Changes the agent's own settings; shown at once, taken back when the desk says no. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { sayError } from "../components/toasts";
import { api } from "./client";
import { meQuery } from "./directory";
import type { Me } from "./types";

export type MyChange = Partial<Pick<Me, "name" | "language" | "time_zone" | "availability">>;

export function useChangeMe() {
  const { t } = useTranslation();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: MyChange) => api.patch<Me>("/me", change),
    onMutate: (change) =>
      client.setQueryData(meQuery.queryKey, (me) => (me ? { ...me, ...change } : me)),
    onSuccess: (me) => client.setQueryData(meQuery.queryKey, me),
    onError: (error) => {
      void client.invalidateQueries({ queryKey: meQuery.queryKey });
      sayError(error, t("action.copy_details"));
    },
  });
}
