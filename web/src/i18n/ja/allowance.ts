/** Japanese: the reply allowance. */
export default {
  "allowance.wechat_allows": "WeChatの上限は{{count}}通",
  "allowance.monthly_until": "受付時間外 · {{time}}まで最大{{count}}通",
  "allowance.monthly_why":
    "48時間の受付時間を過ぎたあとにWeChatが届ける、月に数通のメッセージとして送信されます。アカウントの一斉配信も同じ枠を使うため、残りはさらに少ないことがあります。",
  "allowance.head.window": "残り{{duration}}",
  "allowance.head.count_other": "{{count}}通",
  "allowance.head.monthly": "受付時間外 · 最大{{count}}通",
  "allowance.row.monthly": "最大{{count}}通",
  "allowance.row.none": "残りなし",
  "allowance.detail.window_count_used":
    "お客様から返信があるまで、WeChatではこれ以上送信できません。",
  "allowance.detail.month_used": "このお客様に今月送れるメッセージは使い切りました。",
  "allowance.detail.account_day_used": "このアカウントが今日送れるメッセージは使い切りました。",
  "allowance.detail.subscription_day_used":
    "サブスクリプションアカウントが送れるのは、全員あわせて1日1通です。今日の分は送信済みです。",
  "allowance.detail.account_full":
    "WeChatによると、このアカウントには送れるメッセージが残っていません。",
  "allowance.detail.unverified": "このアカウントはWeChatの認証を受けていません。",
  "allowance.detail.test_account": "テストアカウントは受付時間外に送信できません。",
  "allowance.detail.enterprise_account": "企業アカウントは受付時間外に送信できません。",
  "allowance.detail.mass_denied":
    "このアカウントは、受付時間外の送信をWeChatに許可されていません。",
  "allowance.detail.policy_without_monthly": "この経路は受付時間外に送信しない設定です。",
  "allowance.nudge": "返信をお願いする",
  "allowance.nudge.why":
    "返信をお願いする文を、お客様の言語で入力欄に書き込みます。返信があると、新しい受付時間が始まります。",
  "cost.parts_left": "{{parts}}通に分かれますが、送れるのはあと{{left}}通です。",
  "cost.of_left_other": "残り{{left}}通のうち{{count}}通",
  "cost.of_at_most_other": "残り最大{{left}}通のうち{{count}}通",
  "cost.nothing_left":
    "{{parts}}通に分けて送信されますが、送信中のメッセージで残りを使い切ります。",
  "cost.send_first_other": "最初の{{count}}通を送信する",
  "cost.last.window": "お客様の返信までに送れる最後の1通です。",
  "cost.last.monthly": "{{time}}までに送れる最後の1通です。",
  "state.submitted": "WeChatに渡しました（確認待ち）",
  "state.monthly_unknown": "届いたかどうかをWeChatに確認しています。二重に届くことはありません。",
  "state.queued_because": "送信待ち：{{reason}}",
  "sort.label": "並び順",
  "sort.recent": "新しい順",
  "sort.oldest_waiting": "待ち時間の長い順",
  "sort.expiring": "期限の近い順",
  "channel.allowance": "返信枠",
  "channel.allowance.today": "今日の受付時間外の送信",
  "channel.allowance.today_of": "{{used}} / {{limit}}",
  "channel.allowance.full": "WeChatによると、{{time}}まで送信できません。",
  "channel.allowance.refused":
    "{{time}}、WeChatが通数の上限を理由に返信を拒否しました（45047）。この経路は返信の通数を数えていないため、担当者は事前に気づけませんでした。",
  "channel.allowance.switch": "WeChatと同じ数え方にする",
  "channel.allowance.switched": "返信の通数をWeChatと同じように数えます。",
};
