/** English: a channel's menu and automatic answers. */
export default {};
