/** What customers said about one channel, among its other pages. */
import { SurveyFigures } from "../SurveyFigures";
import { ChannelPage } from "./ChannelPage";

export function ChannelSurveys() {
  return (
    <ChannelPage>{(channel) => <SurveyFigures key={channel.id} channel={channel} />}</ChannelPage>
  );
}
