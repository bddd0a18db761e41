/** The account's menu and automatic answers. */
import { ChannelPage } from "./ChannelPage";

export function Automation() {
  return <ChannelPage>{() => null}</ChannelPage>;
}
