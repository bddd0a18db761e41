/** The steps of the wizard as the desk keeps them, for all administrators, and what was chosen on the way. */
import { queryOptions } from "@tanstack/react-query";
import { api } from "../../../api/client";
import { keys } from "../../../api/keys";
import type { SetupStep, SetupSteps } from "../../../api/types";
import type { ChannelFields } from "../channelFields";

export const setupStepsQuery = queryOptions({
  queryKey: keys.setupSteps,
  queryFn: async ({ signal }) =>
    (await api.get<SetupSteps>("/setup-steps", undefined, signal)).items,
});

const kinds = ["service", "subscription", "enterprise", "test"] as const;
const regions = ["mainland_china", "other"] as const;

export const stepOf = (steps: SetupStep[], name: SetupStep["step"]) =>
  steps.find(({ step }) => step === name);

export function chosenKind(steps: SetupStep[]): ChannelFields["account_kind"] | null {
  const choice = stepOf(steps, "account_kind")?.choice;
  return kinds.find((kind) => kind === choice) ?? null;
}

export function chosenRegion(steps: SetupStep[]): ChannelFields["region"] | null {
  const choice = stepOf(steps, "region")?.choice;
  return regions.find((region) => region === choice) ?? null;
}

/** Nothing of these has to be done for WeChat's free test account: its page shows everything at once. */
const notForTest: SetupStep["step"][] = [
  "email",
  "region",
  "particulars",
  "verify",
  "certification",
  "privileges",
  "allow_list",
];

export const isNeeded = (step: SetupStep["step"], kind: ChannelFields["account_kind"] | null) =>
  kind !== "test" || !notForTest.includes(step);

/** What the wizard found out, for the form. Whoever never opened the wizard gets the form's own defaults. */
export function chosenFields(steps: SetupStep[]): Partial<ChannelFields> {
  const kind = chosenKind(steps);
  const region = chosenRegion(steps);
  return {
    ...(kind && { account_kind: kind, verified: kind === "test" || isCertified(steps) }),
    ...(region && { region }),
  };
}

const isCertified = (steps: SetupStep[]) => stepOf(steps, "certification")?.done ?? false;
