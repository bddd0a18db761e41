/** Japanese: the wizard, the form and the details of a channel. */
export default {
  "channel.tab.details": "詳細",
  "channel.tab.doctor": "診断",
  "channel.tab.automation": "メニューと自動応答",
  "channel.tab.approvals": "承認待ち",
};
