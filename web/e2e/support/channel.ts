/** A second channel with its simulated account, set up as an administrator would. */
import type { Channel, Page } from "../../src/api/types";
import type { Demo } from "./demo";
import type { Agent, Desk } from "./desk";
import type { Sim } from "./sim";

export interface Account {
  appId: string;
  channelId: string;
}

/** One desk serves all tests: names must not meet. */
let made = 0;

export async function createChannel(
  demo: Demo,
  admin: Desk,
  sim: Sim,
  mode: "plain" | "compatible" | "safe",
  name = `Channel ${mode} ${++made}`,
): Promise<Account> {
  const digits = `${Date.now()}`.padStart(16, "0");
  const same = {
    app_id: `wx${digits}`,
    original_id: `gh_${digits.slice(-12)}`,
    account_kind: "service",
    verified: true,
    region: "mainland_china",
    encryption_mode: mode,
  };
  const secret = digits.padStart(32, "a");
  const { items: departments } = await admin.get<{ items: { id: string }[] }>("/departments");
  const channel = await admin.post<Channel>("/channels", {
    ...same,
    kind: "wechat",
    name,
    app_secret: secret,
    reply_policy: "wechat_current",
    department_ids: departments.map((one) => one.id),
  });
  const { items: agents } = await admin.get<Page<Agent>>("/agents?limit=200");
  const agentIds = agents.filter((one) => one.role !== "admin").map((one) => one.id);
  for (const department of channel.department_ids) {
    await admin.put(`/departments/${department}/channels/${channel.id}/preferences`, {
      agent_ids: agentIds,
      ticket_timer_minutes: 1440,
    });
  }
  await sim.createAccount({
    ...same,
    secret,
    name: `Account ${mode}`,
    token: channel.token,
    encoding_aes_key: channel.encoding_aes_key,
    callback_url: new URL(new URL(channel.callback_url).pathname, demo.facts.console_url).href,
    ip_whitelist: [],
    reply_profile: "wechat_current",
  });
  const verified = await sim.verifyUrl(same.app_id);
  if (!verified.ok) throw new Error(`the callback was not verified: ${verified.error}`);
  return { appId: same.app_id, channelId: channel.id };
}
