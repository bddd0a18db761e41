/** English: the wizard, the form and the details of a channel. */
export default {
  "channel.tab.details": "Details",
  "channel.tab.doctor": "Doctor",
  "channel.tab.automation": "Menu and automatic answers",
  "channel.tab.cards": "Cards",
  "channel.tab.surveys": "Surveys",
  "channel.tab.approvals": "Pending approval",
  "settings.im.preferences": "Preferences",
  "wechat.count_one": "{{count}} channel",
  "wechat.count_other": "{{count}} channels",
  "wechat.none": "No channel yet",
  "channel.kind.service.limits":
    "Appears among the friends in the customer's chat list. Replies within 48 hours, then up to 4 messages per customer and month; menu, QR codes, tags and surveys.",
  "channel.kind.subscription.limits":
    "Appears in the folder of subscriptions. Replies within 48 hours; after that only one broadcast a day for the whole account. No QR codes of its own for campaigns. Accounts of private persons cannot be verified, and so cannot reply.",
  "channel.kind.enterprise.limits":
    "For people inside your organisation. They must follow the account and be approved: only approved followers see what you send, and what others write waits under “Pending approval”.",
  "channel.kind.test.limits":
    "WeChat's free sandbox, for trying things out: at most 100 followers and low daily limits. Plain text only; no surveys and no messages after the 48 hours. Needs no verification.",
  "channel.region.mainland_china.limits": "All functions of the account kind can be used.",
  "channel.region.other.limits":
    "WeChat does not let these accounts send satisfaction surveys, voice or video through its interface. Text and pictures work.",
  "channel.verified": "Verified",
  "channel.not_verified": "Not verified",
  "channel.not_verified.limits":
    "Messages arrive and automatic answers work, but WeChat lets only verified accounts reply through its interface.",
  "where.ask": "Where do I find this?",
  "where.platform": "Developer platform (today)",
  "where.console": "Official Accounts console (before)",
  "where.sandbox": "Page of the test account",
  "where.sandbox.path":
    "Sign in by scanning with WeChat. appID and appsecret stand at the top; the Original ID is behind the account's QR code; URL and Token go under 接口配置信息.",
  "where.platform.original_id":
    "My business → Official / Service account → Basic information (我的业务 → 公众号/服务号 → 基础信息): Original ID (原始ID)",
  "where.console.original_id": "Settings → Account Info (设置 → 公众号设置 → 账号详情)",
  "where.platform.app_id":
    "My business → Official / Service account → Basic information (我的业务 → 公众号/服务号 → 基础信息): AppID",
  "where.console.app_id": "Development → Basic Configuration (开发 → 基本配置)",
  "where.platform.secret":
    "My business → Official / Service account → Basic information → Developer keys (我的业务 → 公众号/服务号 → 基础信息 → 开发密钥). Shown only once, after “Reset”: another system that uses the old one stops working.",
  "where.console.secret": "Development → Basic Configuration (开发 → 基本配置)",
  "where.platform.callback":
    "My business → Official / Service account → Basic information → Domains and message push (我的业务 → 公众号/服务号 → 基础信息 → 域名与消息推送配置)",
  "where.console.callback":
    "Development → Basic Configuration → Change Configuration (开发 → 基本配置 → 修改配置)",
  "where.platform.allow_list":
    "My business → Official / Service account → Basic information → Developer keys → API IP allow-list (我的业务 → 公众号/服务号 → 基础信息 → 开发密钥 → API IP白名单). Single addresses and ranges such as 203.0.113.0/24; a change takes some minutes.",
  "where.console.allow_list":
    "Development → Basic Configuration → IP whitelist (开发 → 基本配置 → IP白名单)",
  "where.platform.privileges":
    "My business → Official / Service account → Interfaces → Privileges and quotas (我的业务 → 公众号/服务号 → 接口管理 → 接口权限与额度)",
  "where.console.privileges": "Development → Interface Privilege (开发 → 接口权限)",
  "icon.empty": "“{{name}}” is empty.",
  "icon.kind": "“{{name}}” is not a jpg or png picture. What counts is the content, not the name.",
  "icon.too_large": "The limit is 1 MB; “{{name}}” has {{size}}.",
  "icon.unreadable": "This browser cannot read the picture. Please save it anew as png.",
  "icon.crop.title": "Crop the icon",
  "icon.crop.hint": "Drag the picture, or move it with the arrow keys.",
  "icon.crop.zoom": "Size",
  "icon.crop.use": "Use this",
  "field.icon.change": "Another picture",
  "field.icon.undo": "Undo",
  "field.icon.chosen": "Saved together with the channel.",
  "field.default_department.hint":
    "Where the conversation of a customer who writes for the first time belongs.",
  "field.app_secret.stored": "Stored encrypted; it is never shown.",
  "field.app_secret.keep": "Keep the stored one",
  "field.token.wrong": "3 to 32 letters and digits are allowed; this has {{length}} characters.",
  "field.encoding_aes_key.wrong":
    "Exactly 43 letters and digits are needed; this has {{length}} characters.",
  "field.number.wrong": "A whole number from {{least}} to {{most}}.",
  "field.show": "Show",
  "field.hide": "Hide",
  "field.window_hours": "Window after a customer's message (hours)",
  "field.window_hours.hint": "How long one may reply after each message. WeChat: 48.",
  "field.window_messages": "Replies in the window",
  "field.window_messages.hint": "Leave empty for no limit. WeChat: 5.",
  "field.burst_seconds": "After follow, scan or menu tap (seconds)",
  "field.burst_seconds.hint": "For automatic answers only. WeChat: 60.",
  "field.burst_messages": "Automatic answers in that time",
  "field.burst_messages.hint": "WeChat: 3.",
  "field.time_zone": "Time zone of the account",
  "field.time_zone.hint":
    "Decides when a month, and so the monthly allowance, begins. WeChat counts in Asia/Shanghai.",
  "field.survey_enabled": "Satisfaction survey",
  "field.survey_enabled.hint":
    "When a ticket is closed, the customer is asked how it was. It counts as a message.",
  "field.unfollow_policy": "When somebody unfollows",
  "field.unfollow_days": "Erase after (days)",
  "field.unfollow_days.hint": "0 to 3650; 0 erases at once.",
  "channel.callback": "Callback",
  "channel.callback.hint":
    "These values must be the same here and at WeChat. Paste what WeChat has, or generate new ones and paste them there after saving.",
  "channel.replies": "Replies",
  "channel.customers": "Customers",
  "channel.mode.plain.hint":
    "The default, here and at WeChat. Messages travel without encryption of their own: only https protects them.",
  "channel.mode.compatible.hint":
    "Every message comes both plain and encrypted. Only for changing over: it protects nothing.",
  "channel.mode.safe.hint":
    "Better: nobody on the way can read or forge a message, even if an address or a proxy leaks. Recommended by Tencent. WeChat must have the same key and method.",
  "channel.mode.test.hint": "WeChat's test accounts offer no encryption.",
  "channel.policy.documented.hint":
    "As many replies as you like within 48 hours of the customer's last message, after that 4 a month per customer. WeChat itself may refuse earlier: it counts 5 today. Its refusals are always shown.",
  "channel.policy.wechat_current.hint":
    "What WeChat counts today, so nobody runs into a refusal: 5 replies for each customer message within 48 hours, then 4 a month per customer. Right for most real accounts.",
  "channel.policy.custom.hint":
    "Figures of your own, for when WeChat changes its rules or has agreed others with you.",
  "channel.policy.figures": "{{messages}} replies within {{hours}} hours of each message",
  "channel.policy.figures_unlimited":
    "Any number of replies within {{hours}} hours of the last message",
  "channel.unfollow.keep": "Keep everything",
  "channel.unfollow.keep.hint":
    "Name and messages stay. WeChat asks its developers to delete the data of people who unfollow.",
  "channel.unfollow.anonymise": "Anonymise",
  "channel.unfollow.anonymise.hint":
    "Messages stay for your records; the name and what identifies the person go.",
  "channel.unfollow.erase": "Erase",
  "channel.unfollow.erase.hint":
    "Name, messages and files are erased after the days below. This cannot be undone.",
  "channel.unfollow.erase_after_one": "Erase after {{count}} day",
  "channel.unfollow.erase_after_other": "Erase after {{count}} days",
  "channel.activity": "Activity",
  "channel.last_push": "Last push from WeChat",
  "channel.last_push.none": "None yet",
  "channel.dropped": "Dropped pushes",
  "channel.dropped.hint":
    "They came while the channel was disabled. Switch the server configuration off at WeChat, too.",
  "channel.mismatched": "Pushes for another account",
  "channel.mismatched.hint":
    "The Original ID here and the account at WeChat do not agree. Please compare them.",
  "channel.created_at": "Created",
  "channel.changed_by": "Last changed by",
  "form.problems_one": "{{count}} field needs another look.",
  "form.problems_other": "{{count}} fields need another look.",
  "form.leave.title": "Leave without saving?",
  "form.leave.hint": "What you have changed on this page is not saved yet.",
  "form.leave.yes": "Leave without saving",
  "form.leave.no": "Stay here",
  "form.conflict": "{{name}} has saved this channel meanwhile:",
  "form.conflict.both": "(you changed this, too: yours is kept)",
  "form.conflict.secret": "changed",
  "form.conflict.hint":
    "Nothing that you typed is lost. Take the other changes over, look at the form, and save.",
  "form.conflict.take": "Take over and go on",
  "connect.title": "Connect at WeChat",
  "connect.hint": "Keep this page open beside WeChat's: each step ticks itself.",
  "connect.complete": "Connected",
  "connect.complete.hint":
    "Messages arrive. The values stay here in case WeChat asks for them again.",
  "connect.state.done": "Done",
  "connect.state.problem": "Problem",
  "connect.state.open": "Open",
  "connect.credentials": "IP allow-list and credentials",
  "connect.credentials.hint":
    "Before Kefu may call WeChat, its addresses must be on the account's allow-list. Only an administrator of the account can add them.",
  "connect.credentials.ok": "WeChat accepts App ID, App Secret and address.",
  "connect.credentials.failed": "WeChat answers: {{reason}}. You can go on and come back to this.",
  "connect.checking": "Asking WeChat …",
  "connect.check_failed": "The check did not get an answer. Please try again.",
  "connect.check": "Check now",
  "connect.addresses": "See Kefu's addresses",
  "connect.submit": "Enter the values at WeChat and submit",
  "connect.takes_over":
    "Submitting turns off the menu and the automatic replies that are set up at WeChat.",
  "connect.takes_over.hint": "Kefu can read them and take them over. Do that first.",
  "connect.takes_over.link": "Take over menu and answers",
  "connect.how.open": "Open the configuration at WeChat and press Change Configuration (修改配置).",
  "connect.how.open_test": "Open the page of the test account and press 修改 beside 接口配置信息.",
  "connect.how.paste": "Paste these values; choose the same encryption method.",
  "connect.how.paste_test": "Paste these values.",
  "connect.how.submit":
    "Press Submit (提交) there and confirm. WeChat then checks the URL at once, and this page shows the result.",
  "connect.copy_all": "Copy all",
  "connect.problem.wrong_signature":
    "A push carried another Token than the one stored here. Copy the Token again and submit.",
  "connect.problem.verification_refused":
    "WeChat called, but the Token is not the same. Copy it once more and submit again.",
  "connect.problem.wrong_mode": "The encryption method at WeChat is not the one chosen here.",
  "connect.problem.wrong_key": "The EncodingAESKey at WeChat is not the one stored here.",
  "connect.problem.wrong_app_id": "The push was made for another App ID. Compare the App ID.",
  "connect.problem.unknown":
    "WeChat called, but what it sent could not be accepted. The doctor looks closer.",
  "connect.hello": "Scan and say hello",
  "connect.hello.hint":
    "Write to the account from your own phone. As soon as the message is here, this step turns green.",
  "connect.hello.arrived": "First message {{time}}",
  "connect.hello.open": "Open the conversation",
  "wizard.title": "Get a WeChat account",
  "wizard.offer": "No account yet, or not sure where the values are?",
  "wizard.offer.link": "Go through it step by step",
  "wizard.have": "You already have an account with its five values?",
  "wizard.have.hint": "Then skip the steps. They are kept here, and can be taken up again.",
  "wizard.have.link": "I already have an account",
  "wizard.progress": "{{done}} of {{all}} done",
  "wizard.progress.label": "Progress",
  "wizard.start_over": "Start over for another account",
  "wizard.part.create": "Create the account at WeChat",
  "wizard.part.prepare": "Prepare it for Kefu",
  "wizard.ready": "Everything is ticked. Next: create the channel.",
  "wizard.not_ready": "You can create the channel now and finish the rest later.",
  "wizard.to_form": "Go on to the form",
  "wizard.done": "Done",
  "wizard.choose_first": "Choose one first",
  "wizard.tick": "Done: {{title}}",
  "wizard.ticked": "{{name}} · {{time}}",
  "wizard.not_for_test": "not needed for a test account",
  "wizard.takes_over.hint":
    "That happens when you press Submit there, at the very end. Kefu reads them before, and can take them over.",
  "wizard.step.open_page": "Open the account page",
  "wizard.step.open_page.hint":
    "Open WeChat's Official Accounts page and press Register now (立即注册). The page is in Chinese; a browser can translate it.",
  "wizard.step.open_page.test":
    "Open the page of the test account and scan the code with your own WeChat: the account is there at once.",
  "wizard.step.account_kind": "Choose the kind of account",
  "wizard.step.account_kind.hint":
    "It cannot be changed later. For a help desk a service account is the usual choice; whoever only wants to try takes the test account. WeChat calls the subscription account simply 公众号 today.",
  "wizard.step.email": "Enter an email address",
  "wizard.step.email.hint":
    "One that belongs to no other WeChat account. WeChat sends a code there; the account is created after it was confirmed.",
  "wizard.step.region": "Choose the region of the organisation",
  "wizard.step.region.hint":
    "Where your organisation is based. It decides which functions WeChat permits.",
  "wizard.step.particulars": "Fill in the required fields",
  "wizard.step.particulars.hint":
    "Organisation, registration number, and the person responsible, who confirms by scanning with WeChat. Have the business licence at hand.",
  "wizard.step.verify": "Verify the account",
  "wizard.step.verify.hint":
    "WeChat confirms the organisation, by a small payment or by looking at the documents. This can take some days.",
  "wizard.step.certification": "Get it certified",
  "wizard.step.certification.hint":
    "In the WeChat dashboard: Settings → certification page (设置 → 微信认证). It has a yearly fee. Without it WeChat lets you receive messages, but not reply through its interface.",
  "wizard.step.privileges": "Check the interface privileges",
  "wizard.step.privileges.hint":
    "Kefu needs the interfaces for customer service messages, media, users, menu and QR codes. After the channel is saved, the doctor shows each of them.",
  "wizard.step.values": "Have the five values ready",
  "wizard.step.values.hint":
    "The form asks for them. What WeChat shows only once, like the App Secret, is best copied right into the form.",
  "wizard.step.values.test":
    "Three of them stand on the test account's page. Token and EncodingAESKey are made here.",
  "wizard.values.made_here": "Made here at random, unless WeChat has some already.",
  "wizard.step.allow_list": "Put Kefu's addresses on the IP allow-list",
  "wizard.step.allow_list.hint":
    "Only an administrator of the account can do it. The addresses of this desk are shown on the channel's page “Doctor”; if WeChat refuses one (40164), it is shown there to be added.",
};
