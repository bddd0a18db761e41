/** Japanese: what a message shows that is not plain text. */
export default {
  "bubble.coordinates": "座標",
  "bubble.map": "地図で開く（外部サイト）",
  "bubble.outside": "外部サイトを新しいタブで開きます",
  "bubble.link": "リンク",
  "bubble.link_unsafe": "このアドレスはWebページではないため、開けません。",
  "bubble.file_why": "WeChatからはファイル名だけが届き、内容は取得できません。",
  "bubble.file_unnamed": "名前のないファイル",
  "bubble.md5": "MD5",
  "bubble.miniprogram_why": "スマートフォンのWeChatでのみ開けます。",
  "bubble.page": "ページ",
  "bubble.unsupported_kind": "種類：{{kind}}",
  "bubble.too_large": "50MBを超えているため保存されませんでした。",
  "bubble.ask": "お客様に依頼する",
  "bubble.ask_hint": "返信欄に文章を入れます。まだ送信されません。",
  "bubble.ask.sticker":
    "こちらではスタンプを表示できません。文章でご説明いただくか、画像をお送りいただけますか。",
  "bubble.ask.file":
    "ファイルを受け取ることができません。スクリーンショットか画像をお送りいただけますか。",
  "bubble.ask.unsupported":
    "このメッセージを表示できません。文章でご説明いただくか、画像をお送りいただけますか。",
  "bubble.ask.media": "正しく受信できませんでした。もう一度お送りいただけますか。",
  "bubble.ask.too_large":
    "サイズが大きく受信できませんでした。小さいものか短いものをお送りいただけますか。",
};
