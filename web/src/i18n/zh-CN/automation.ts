/** Simplified Chinese: a channel's menu and automatic answers. */
export default {};
