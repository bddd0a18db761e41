/** Japanese: the wizard, the form and the details of a channel. */
export default {
  "channel.tab.details": "詳細",
  "channel.tab.doctor": "診断",
  "channel.tab.automation": "メニューと自動応答",
  "channel.tab.cards": "カード",
  "channel.tab.surveys": "アンケート",
  "channel.tab.approvals": "承認待ち",
  "settings.im.preferences": "各種設定",
  "wechat.count_other": "経路：{{count}}件",
  "wechat.none": "経路はまだありません",
  "channel.kind.service.limits":
    "お客様のチャット一覧に友だちのように表示されます。48時間以内は返信でき、その後はお客様1人につき月4通まで送れます。メニュー、QRコード、タグ、アンケートも使えます。",
  "channel.kind.subscription.limits":
    "「購読アカウント」フォルダー内に表示されます。48時間以内は返信できますが、その後はアカウント全体で1日1通の配信のみです。用途別のQRコードは作れません。個人のアカウントは認証を受けられないため、返信できません。",
  "channel.kind.enterprise.limits":
    "組織内での利用向けです。フォローに加えて承認が必要で、送信した内容を見られるのは承認済みのフォロワーだけです。未承認の人のメッセージは「承認待ち」に保留されます。",
  "channel.kind.test.limits":
    "WeChatの無料テスト環境です。フォロワーは100人まで、1日の上限も低めです。暗号化はプレーンテキストのみで、アンケートと48時間経過後の送信はできません。認証は不要です。",
  "channel.region.mainland_china.limits": "アカウントの種類に応じた機能をすべて使えます。",
  "channel.region.other.limits":
    "WeChatの制限により、APIからアンケート、音声、動画を送信できません。テキストと画像は送信できます。",
  "channel.verified": "認証済み",
  "channel.not_verified": "未認証",
  "channel.not_verified.limits":
    "受信と自動応答はできますが、WeChatのAPIから返信できるのは認証済みアカウントだけです。",
  "where.ask": "どこにありますか？",
  "where.platform": "開発者プラットフォーム（現在）",
  "where.console": "公式アカウント管理画面（従来）",
  "where.sandbox": "テストアカウントのページ",
  "where.sandbox.path":
    "WeChatでスキャンしてログインします。appIDとappsecretはページ上部、初期IDはQRコードの欄にあります。URLとトークンは「接口配置信息」に入力します。",
  "where.platform.original_id": "我的业务 → 公众号/服务号 → 基础信息：原始ID（初期ID）",
  "where.console.original_id": "設定 → アカウント情報（设置 → 公众号设置 → 账号详情）",
  "where.platform.app_id": "我的业务 → 公众号/服务号 → 基础信息：AppID（アプリID）",
  "where.console.app_id": "開発 → 基本設定（开发 → 基本配置）",
  "where.platform.secret":
    "我的业务 → 公众号/服务号 → 基础信息 → 开发密钥。「重置」した直後に一度だけ表示されます。古い値を使っている他のシステムは動かなくなります。",
  "where.console.secret": "開発 → 基本設定（开发 → 基本配置）",
  "where.platform.callback": "我的业务 → 公众号/服务号 → 基础信息 → 域名与消息推送配置",
  "where.console.callback": "開発 → 基本設定 → 設定を変更（开发 → 基本配置 → 修改配置）",
  "where.platform.allow_list":
    "我的业务 → 公众号/服务号 → 基础信息 → 开发密钥 → API IP白名单。個別のアドレスと 203.0.113.0/24 のような範囲を登録できます。反映に数分かかります。",
  "where.console.allow_list":
    "開発 → 基本設定 → IPアドレスの許可リスト（开发 → 基本配置 → IP白名单）",
  "where.platform.privileges": "我的业务 → 公众号/服务号 → 接口管理 → 接口权限与额度",
  "where.console.privileges": "開発 → 操作権限（开发 → 接口权限）",
  "icon.empty": "「{{name}}」は空のファイルです。",
  "icon.kind":
    "「{{name}}」はjpgまたはpngの画像ではありません（ファイル名ではなく内容で判定します）。",
  "icon.too_large": "上限は1 MBです。「{{name}}」は{{size}}あります。",
  "icon.unreadable": "この画像を読み込めません。pngで保存し直してください。",
  "icon.crop.title": "アイコンを切り抜く",
  "icon.crop.hint": "画像をドラッグするか、矢印キーで動かします。",
  "icon.crop.zoom": "拡大",
  "icon.crop.use": "この範囲を使う",
  "field.icon.change": "別の画像を選ぶ",
  "field.icon.undo": "取り消す",
  "field.icon.chosen": "経路と一緒に保存されます。",
  "field.default_department.hint": "初めてのお客様とのやりとりが割り当てられる部門です。",
  "field.app_secret.stored": "暗号化して保存されています。表示はできません。",
  "field.app_secret.keep": "保存済みの値を使う",
  "field.token.wrong": "3〜32文字の英数字で入力してください（現在{{length}}文字）。",
  "field.encoding_aes_key.wrong": "43文字の英数字で入力してください（現在{{length}}文字）。",
  "field.number.wrong": "{{least}}〜{{most}}の整数を入力してください。",
  "field.show": "表示する",
  "field.hide": "隠す",
  "field.window_hours": "お客様のメッセージ後の返信期間（時間）",
  "field.window_hours.hint": "メッセージごとに返信できる時間。WeChatの値：48",
  "field.window_messages": "期間内の返信数",
  "field.window_messages.hint": "空にすると無制限。WeChatの値：5",
  "field.burst_seconds": "フォロー・スキャン・メニュー操作後（秒）",
  "field.burst_seconds.hint": "自動応答だけに使われます。WeChatの値：60",
  "field.burst_messages": "その間の自動応答数",
  "field.burst_messages.hint": "WeChatの値：3",
  "field.time_zone": "アカウントのタイムゾーン",
  "field.time_zone.hint":
    "月ごとの返信枠が切り替わる時刻を決めます。WeChatはAsia/Shanghaiで数えます。",
  "field.survey_enabled": "顧客満足度のアンケート",
  "field.survey_enabled.hint":
    "問い合わせの完了時に、お客様へアンケートを送ります。1通として数えられます。",
  "field.unfollow_policy": "フォロー解除時のデータ",
  "field.unfollow_days": "消去までの日数",
  "field.unfollow_days.hint": "0〜3650。0の場合はすぐに消去します。",
  "channel.callback": "コールバック",
  "channel.callback.hint":
    "ここの値はWeChat側と同じにします。WeChatの値を貼り付けるか、生成して保存後にWeChatへ貼り付けてください。",
  "channel.replies": "返信",
  "channel.customers": "顧客",
  "channel.mode.plain.hint":
    "このデスクとWeChatの既定値です。メッセージ自体は暗号化されず、保護はhttpsのみになります。",
  "channel.mode.compatible.hint":
    "平文と暗号文の両方で届きます。切り替え期間用で、保護にはなりません。",
  "channel.mode.safe.hint":
    "より安全です。経路の途中で読み取りや改ざんができません。Tencentの推奨です。WeChat側も同じキーと方法にしてください。",
  "channel.mode.test.hint": "WeChatのテストアカウントでは暗号化を選べません。",
  "channel.policy.documented.hint":
    "お客様の最後のメッセージから48時間は何通でも、その後はお客様ごとに月4通まで。WeChatは現在5通と数えるため、先に拒否されることがあります。拒否は必ず表示されます。",
  "channel.policy.wechat_current.hint":
    "現在のWeChatの数え方に合わせるため、拒否されることがありません。お客様のメッセージごとに48時間以内に5通、その後はお客様ごとに月4通。実際の運用ではこちらをお勧めします。",
  "channel.policy.custom.hint":
    "独自の値を設定します。WeChatの規則が変わった場合や、個別の取り決めがある場合に使います。",
  "channel.policy.figures": "メッセージごとに{{hours}}時間以内に{{messages}}通",
  "channel.policy.figures_unlimited": "最後のメッセージから{{hours}}時間は無制限",
  "channel.unfollow.keep": "すべて残す",
  "channel.unfollow.keep.hint":
    "名前とメッセージを残します。なお、WeChatはフォロー解除した人のデータ削除を開発者に求めています。",
  "channel.unfollow.anonymise": "匿名化する",
  "channel.unfollow.anonymise.hint":
    "メッセージは記録として残し、名前など個人を特定する情報を消します。",
  "channel.unfollow.erase": "消去する",
  "channel.unfollow.erase.hint":
    "下の日数が過ぎると、名前、メッセージ、ファイルを消去します。元に戻せません。",
  "channel.unfollow.erase_after_other": "{{count}}日後に消去する",
  "channel.activity": "稼働状況",
  "channel.last_push": "WeChatからの最新の受信",
  "channel.last_push.none": "まだありません",
  "channel.dropped": "破棄した受信",
  "channel.dropped.hint":
    "経路が無効の間に届いたものです。WeChat側のサーバー設定も停止してください。",
  "channel.mismatched": "別のアカウント宛ての受信",
  "channel.mismatched.hint": "ここの初期IDとWeChatのアカウントが一致していません。ご確認ください。",
  "channel.created_at": "作成日時",
  "channel.changed_by": "最終更新者",
  "form.problems_other": "入力内容を確認してください（{{count}}件）。",
  "form.leave.title": "保存せずに移動しますか？",
  "form.leave.hint": "このページの変更はまだ保存されていません。",
  "form.leave.yes": "保存せずに移動する",
  "form.leave.no": "このページに残る",
  "form.conflict": "編集中に{{name}}さんがこの経路を保存しました：",
  "form.conflict.both": "（あなたも変更しています。あなたの入力を残します）",
  "form.conflict.secret": "変更あり",
  "form.conflict.hint":
    "入力した内容は失われません。相手の変更を取り込み、内容を確認して保存してください。",
  "form.conflict.take": "変更を取り込む",
  "connect.title": "WeChatと接続する",
  "connect.hint":
    "このページを開いたまま、WeChatの管理画面で操作してください。完了した手順には自動で印が付きます。",
  "connect.complete": "接続済み",
  "connect.complete.hint": "メッセージを受信できます。値はここで再確認できます。",
  "connect.state.done": "完了",
  "connect.state.problem": "問題あり",
  "connect.state.open": "未完了",
  "connect.credentials": "IPアドレスの許可リストと認証情報",
  "connect.credentials.hint":
    "KefuがWeChatを呼び出すには、KefuのIPアドレスをアカウントの許可リストに登録する必要があります。登録できるのはアカウントの管理者だけです。",
  "connect.credentials.ok":
    "アプリID、アプリシークレット、IPアドレスはWeChatに受け入れられました。",
  "connect.credentials.failed":
    "WeChatの応答：{{reason}}。このまま先に進み、後で直すこともできます。",
  "connect.checking": "WeChatに確認しています…",
  "connect.check_failed": "確認できませんでした。もう一度お試しください。",
  "connect.check": "今すぐ確認する",
  "connect.addresses": "登録するIPアドレスを見る",
  "connect.submit": "WeChatに値を入力して送信する",
  "connect.takes_over": "送信すると、WeChatの管理画面で設定したメニューと自動応答が停止します。",
  "connect.takes_over.hint": "Kefuが読み取って引き継げます。先に行ってください。",
  "connect.takes_over.link": "メニューと自動応答を引き継ぐ",
  "connect.how.open": "WeChatで設定画面を開き、［設定を変更（修改配置）］を押します。",
  "connect.how.open_test":
    "テストアカウントのページを開き、「接口配置信息」の横の［修改］を押します。",
  "connect.how.paste": "次の値を貼り付け、同じ暗号化方法を選びます。",
  "connect.how.paste_test": "次の値を貼り付けます。",
  "connect.how.submit":
    "［送信する（提交）］を押して確認します。WeChatがすぐにURLを確認し、結果がこの画面に表示されます。",
  "connect.copy_all": "すべてコピーする",
  "connect.problem.wrong_signature":
    "届いたプッシュのトークンが、ここの値と異なります。トークンをコピーし直して送信してください。",
  "connect.problem.verification_refused":
    "WeChatから呼び出されましたが、トークンが一致しません。もう一度コピーして送信してください。",
  "connect.problem.wrong_mode": "WeChat側の暗号化方法が、ここで選んだものと異なります。",
  "connect.problem.wrong_key": "WeChat側のメッセージ暗号化キーが、ここの値と異なります。",
  "connect.problem.wrong_app_id": "別のアプリID宛てでした。アプリIDをご確認ください。",
  "connect.problem.unknown":
    "WeChatから呼び出されましたが、受け付けられませんでした。「診断」で詳しく確認できます。",
  "connect.hello": "スキャンして話しかけてみる",
  "connect.hello.hint":
    "ご自身のスマートフォンからメッセージを送ってください。届くとこの手順が緑になります。",
  "connect.hello.arrived": "{{time}}に最初のメッセージを受信",
  "connect.hello.open": "やりとりを開く",
  "wizard.title": "WeChatアカウントを用意する",
  "wizard.offer": "アカウントがない、または値の場所が分からない場合は：",
  "wizard.offer.link": "手順を見る",
  "wizard.have": "アカウントと5つの値がすでにありますか？",
  "wizard.have.hint": "手順を飛ばして進めます。進み具合は保存され、いつでも再開できます。",
  "wizard.have.link": "アカウントを持っています",
  "wizard.progress": "{{all}}件中{{done}}件完了",
  "wizard.progress.label": "進み具合",
  "wizard.start_over": "別のアカウントのために最初から",
  "wizard.part.create": "WeChatでアカウントを作成する",
  "wizard.part.prepare": "Kefuと接続する準備をする",
  "wizard.ready": "すべて完了しました。経路を作成できます。",
  "wizard.not_ready": "残りは後にして、経路を先に作成することもできます。",
  "wizard.to_form": "経路の追加に進む",
  "wizard.done": "完了にする",
  "wizard.choose_first": "先に選択してください",
  "wizard.tick": "完了：{{title}}",
  "wizard.ticked": "{{name}} · {{time}}",
  "wizard.not_for_test": "テストアカウントでは不要です",
  "wizard.takes_over.hint":
    "これは最後にWeChatで［送信する］を押したときに起こります。その前にKefuが読み取って引き継げます。",
  "wizard.step.open_page": "アカウントのページを開く",
  "wizard.step.open_page.hint":
    "WeChat公式アカウントのページを開き、「立即注册（今すぐ登録）」を押します。ページは中国語です。",
  "wizard.step.open_page.test":
    "テストアカウントのページを開き、ご自身のWeChatでスキャンします。すぐに使えるようになります。",
  "wizard.step.account_kind": "アカウントの種類を選ぶ",
  "wizard.step.account_kind.hint":
    "後から変更できません。問い合わせ窓口には通常サービスアカウントを選びます。試すだけならテストアカウントで十分です。サブスクリプションは現在WeChatでは「公众号」と呼ばれます。",
  "wizard.step.email": "メールアドレスを入力する",
  "wizard.step.email.hint":
    "他のWeChatアカウントで使っていないアドレスを入力します。届いた確認コードを入力すると、アカウントが作成されます。",
  "wizard.step.region": "組織の所在地を選ぶ",
  "wizard.step.region.hint": "組織の拠点がある地域です。WeChatで使える機能がこれで決まります。",
  "wizard.step.particulars": "必須項目を入力する",
  "wizard.step.particulars.hint":
    "組織名、登録番号、運営担当者などを入力し、担当者がWeChatのスキャンで本人確認します。登記関係の書類を用意してください。",
  "wizard.step.verify": "アカウントを確認する",
  "wizard.step.verify.hint":
    "少額の振り込みまたは書類の審査で、WeChatが組織を確認します。数日かかることがあります。",
  "wizard.step.certification": "認証を受ける",
  "wizard.step.certification.hint":
    "WeChatの管理画面で「設定」から認証ページ（设置 → 微信认证）を開きます。年間費用がかかります。認証がないと、受信はできてもAPIから返信できません。",
  "wizard.step.privileges": "操作権限を確認する",
  "wizard.step.privileges.hint":
    "カスタマーサービスメッセージ、メディア、ユーザー管理、メニュー、QRコードのAPIが必要です。経路の保存後、「診断」で1つずつ確認できます。",
  "wizard.step.values": "5つの値を用意する",
  "wizard.step.values.hint":
    "経路のフォームで入力します。アプリシークレットのように一度しか表示されない値は、そのままフォームへ貼り付けてください。",
  "wizard.step.values.test":
    "3つの値はテストアカウントのページにあります。トークンとメッセージ暗号化キーはKefuで生成します。",
  "wizard.values.made_here": "WeChat側に値がなければ、Kefuで生成します。",
  "wizard.step.allow_list": "KefuのIPアドレスを許可リストに登録する",
  "wizard.step.allow_list.hint":
    "登録できるのはアカウントの管理者だけです。登録するアドレスは経路の「診断」に表示されます。WeChatに拒否された場合（40164）も、追加すべきアドレスが表示されます。",
};
