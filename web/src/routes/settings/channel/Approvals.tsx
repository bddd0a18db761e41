/** Followers of an enterprise account who wait for approval. */
import { ChannelPage } from "./ChannelPage";

export function Approvals() {
  return <ChannelPage>{() => null}</ChannelPage>;
}
