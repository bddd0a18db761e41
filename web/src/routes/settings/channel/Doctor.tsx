/** What works and what does not, with cause and fix. */
import { ChannelPage } from "./ChannelPage";

export function Doctor() {
  return <ChannelPage>{() => null}</ChannelPage>;
}
