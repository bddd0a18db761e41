/** English: what a message shows that is not plain text. */
export default {
  "bubble.coordinates": "Coordinates",
  "bubble.map": "Open in a map (another site)",
  "bubble.outside": "Opens another site in a new tab",
  "bubble.link": "Link",
  "bubble.link_unsafe": "This address is not a web page and cannot be opened here.",
  "bubble.file_why": "WeChat tells the name of a file but does not hand its content over.",
  "bubble.file_unnamed": "File without a name",
  "bubble.md5": "MD5",
  "bubble.miniprogram_why": "It opens only in WeChat on a phone.",
  "bubble.page": "Page",
  "bubble.unsupported_kind": "Kind: {{kind}}",
  "bubble.too_large": "Larger than 50 MB: it was not stored.",
  "bubble.ask": "Ask for it",
  "bubble.ask_hint": "Fills the reply box; nothing is sent yet.",
  "bubble.ask.sticker":
    "I cannot see stickers here. Could you describe it in words or send a picture?",
  "bubble.ask.file": "Files do not arrive here. Could you send a screenshot or a picture?",
  "bubble.ask.unsupported":
    "This message cannot be shown here. Could you describe it in words or send a picture?",
  "bubble.ask.media": "It did not arrive here. Could you send it again?",
  "bubble.ask.too_large":
    "It is too large to arrive here. Could you send a smaller or shorter one?",
};
