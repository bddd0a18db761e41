/** A channel's own picture, or the speech bubble that stands for WeChat. */
import { Icon } from "../../components/Icon";

export function ChannelIcon({ url, small = false }: { url?: string | null; small?: boolean }) {
  if (url) return <img className="channel-icon" data-small={small} src={url} alt="" />;
  return (
    <span className="channel-icon" data-small={small} aria-hidden="true">
      <Icon name="chat" size={small ? 16 : 24} />
    </span>
  );
}
