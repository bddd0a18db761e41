/**
 * The founding article's set-up, in Japanese, from an empty desk to the first message: 経路 → インスタントメッセージ →
 * WeChat → 設定する → 経路を作成する, the wizard, the form, the details, and what WeChat answers.
 */
import {
  type BrowserContextOptions,
  expect,
  type Locator,
  type Page,
  test,
} from "@playwright/test";
import { Desk } from "./support/desk";
import { administrator, EmptyDesk } from "./support/emptyDesk";
import { png } from "./support/picture";

const japanese: BrowserContextOptions = { locale: "ja-JP", timezoneId: "Asia/Tokyo" };
test.use(japanese);

const account = {
  app_id: "wx0123456789abcdef",
  original_id: "gh_0123456789ab",
  secret: "0123456789abcdef0123456789abcdef",
};
const MB = 1_048_576;

let desk: EmptyDesk;
test.beforeEach(async () => {
  desk = await EmptyDesk.start();
});
test.afterEach(() => desk.remove());

async function signIn(page: Page): Promise<void> {
  await page.goto(desk.url);
  await page.getByLabel("メールアドレス").fill(administrator.email);
  await page.getByRole("textbox", { name: "パスワード" }).fill(administrator.password);
  await page.getByRole("button", { name: "サインインする" }).click();
  await expect(page).toHaveURL(/\/inbox/);
}

/** A file of exactly so many bytes that begins as a picture does. */
const pictureOf = (bytes: number) => Buffer.concat([png(96, 64, [18, 113, 91])], bytes);

const icon = (page: Page) => page.getByTestId("icon-input");
const hint = (page: Page) => page.getByTestId("icon-hint");
const field = (page: Page, name: string): Locator => page.getByTestId(`field-${name}`);

/** The account exists at WeChat; what the details page shows was pasted into its form. */
async function pasteAtWeChat(channel: {
  callback_url: string;
  token: string | null;
  encoding_aes_key: string | null;
}): Promise<void> {
  await desk.sim.createAccount({
    app_id: account.app_id,
    secret: account.secret,
    original_id: account.original_id,
    token: channel.token,
    encoding_aes_key: channel.encoding_aes_key,
    encryption_mode: "plain",
    callback_url: channel.callback_url,
    account_kind: "service",
    verified: true,
    region: "mainland_china",
    ip_whitelist: [],
    reply_profile: "documented",
  });
}

/** From the saved channel to the first message, as its details page tells it. */
async function connect(page: Page, token: string, key: string): Promise<void> {
  // Details: the credentials are a warning (the account is not there yet), not an obstacle.
  await expect(page.getByRole("heading", { name: "オンラインショップ" })).toBeVisible();
  await expect(page.getByTestId("step-credentials")).toHaveAttribute("data-state", "problem");
  await expect(page.locator(".channel-head img")).toBeVisible();
  const url = (await page.getByTestId("callback-url").first().textContent()) ?? "";
  await pasteAtWeChat({ callback_url: url, token, encoding_aes_key: key });
  await page.getByTestId("check-credentials").click();
  await expect(page.getByTestId("step-credentials")).toHaveAttribute("data-state", "done");

  // 送信する at WeChat: the page shows it without being reloaded.
  await page.evaluate(() => Object.assign(window, { neverReloaded: true }));
  const verified = page.getByTestId("step-verified");
  await expect(verified).toHaveAttribute("data-state", "open");
  expect((await desk.sim.verifyUrl(account.app_id)).ok).toBe(true);
  await expect(verified).toHaveAttribute("data-state", "done");
  await expect(page.getByTestId("url-verified")).toContainText(/\d\d:\d\dに確認済み/);

  const hello = page.getByTestId("step-first-message");
  await expect(hello).toHaveAttribute("data-state", "open");
  const openid = await desk.sim.addFollower(account.app_id, "山田");
  await desk.sim.write(account.app_id, openid, "こんにちは、注文について質問があります");
  await expect(hello).toHaveAttribute("data-state", "done");
  await expect(page.getByTestId("first-message")).toContainText("最初のメッセージを受信");
  expect(await page.evaluate(() => "neverReloaded" in window)).toBe(true);

  await page.getByRole("link", { name: "やりとりを開く" }).click();
  await expect(page.getByTestId("thread").getByTestId("bubble")).toContainText(
    "こんにちは、注文について質問があります",
  );
}

test("an administrator goes from an empty desk through wizard and form to the first message", async ({
  page,
}) => {
  test.setTimeout(90_000);
  await signIn(page);

  await page.getByRole("link", { name: "設定", exact: true }).click();
  const menu = page.getByRole("navigation", { name: "設定" });
  await menu.getByRole("link", { name: "経路", exact: true }).click();
  await expect(page.getByRole("heading", { name: "インスタントメッセージ" })).toBeVisible();
  await page.getByRole("link", { name: "設定する" }).click();
  await page.getByRole("link", { name: "経路を作成する" }).first().click();

  // The wizard comes first on a desk without a channel.
  await expect(page.getByRole("heading", { name: "WeChatアカウントを用意する" })).toBeVisible();
  await page.getByTestId("done-open_page").click();
  await page.getByTestId("account_kind-service").check();
  await page.getByTestId("done-account_kind").click();
  await page.getByTestId("done-email").click();
  await page.getByTestId("region-other").check();
  await page.getByTestId("done-region").click();
  await page.getByTestId("tick-certification").check();
  await expect(page.getByText("10件中5件完了")).toBeVisible();
  // Ticks are the desk's, not the browser's.
  await page.reload();
  await expect(page.getByTestId("tick-certification")).toBeChecked();
  await expect(page.getByTestId("wizard-email")).toContainText(administrator.name);
  await page.getByRole("link", { name: "経路の追加に進む" }).click();

  await expect(page.getByRole("heading", { name: "経路の追加" })).toBeVisible();
  await expect(page.getByTestId("region-other")).toBeChecked();
  await expect(page.getByRole("checkbox", { name: "WeChatで認証済み" })).toBeChecked();
  const survey = field(page, "survey_enabled");
  await expect(survey).toBeDisabled();
  await expect(
    page.getByText("中国本土以外のアカウントではアンケートを送信できません"),
  ).toBeVisible();
  await page.getByTestId("region-mainland_china").check();
  await expect(survey).toBeEnabled();

  await field(page, "name").fill("  オンラインショップ ");
  await page.getByRole("button", { name: "部門を追加する" }).click();
  await page.getByTestId("name").fill("サポート");
  await page.getByTestId("save").click();
  await expect(page.getByRole("checkbox", { name: "サポート" })).toBeChecked();
  await field(page, "original_id").fill(account.original_id);
  await field(page, "app_id").fill(account.app_id);
  await field(page, "app_secret").fill(account.secret);

  // the content decides, and the rule is named.
  const file = (name: string, buffer: Buffer) => ({ name, mimeType: "image/png", buffer });
  await icon(page).setInputFiles(file("large.png", pictureOf(MB + 1)));
  await expect(hint(page)).toContainText("上限は1 MBです");
  await icon(page).setInputFiles(file("moving.png", Buffer.from("GIF89a\x01\0\x01\0")));
  await expect(hint(page)).toContainText("jpgまたはpngの画像ではありません");
  await icon(page).setInputFiles(file("ICON.JPG", pictureOf(MB)));
  await page.getByTestId("crop-view").press("ArrowRight");
  await page.getByRole("button", { name: "この範囲を使う" }).click();
  await expect(hint(page)).toContainText("経路と一緒に保存されます");

  // Wrong lengths are named at their fields, and nothing else is lost.
  await field(page, "token").fill("t".repeat(33));
  await field(page, "encoding_aes_key").fill("k".repeat(42));
  await page.getByRole("button", { name: "保存する" }).click();
  await expect(page.getByText("現在33文字")).toBeVisible();
  await expect(page.getByText("現在42文字")).toBeVisible();
  await expect(field(page, "token")).toBeFocused();
  await field(page, "encoding_aes_key").fill("k".repeat(44));
  await page.getByTestId("generate-token").click();
  await expect(field(page, "token")).toHaveValue(/^[A-Za-z0-9]{32}$/);
  await page.getByRole("button", { name: "保存する" }).click();
  await expect(page.getByText("現在44文字")).toBeVisible();
  await page.getByTestId("generate-key").click();
  await expect(field(page, "encoding_aes_key")).toHaveValue(/^[A-Za-z0-9]{43}$/);
  await expect(field(page, "name")).toHaveValue("  オンラインショップ ");
  await expect(field(page, "app_secret")).toHaveValue(account.secret);
  await expect(page.getByTestId("encryption_mode-plain")).toBeChecked();
  const token = await field(page, "token").inputValue();
  const key = await field(page, "encoding_aes_key").inputValue();
  await page.getByRole("button", { name: "保存する" }).click();

  await connect(page, token, key);
});

test("from the link that the desk prints to the first message", async ({ page }) => {
  test.setTimeout(90_000);
  await desk.remove();
  desk = await EmptyDesk.startWithoutAdministrator();
  await page.goto(desk.link);
  await page.getByTestId("welcome-organisation").fill("青山商店");
  await page.getByTestId("welcome-name").fill(administrator.name);
  await page.getByTestId("welcome-email").fill(administrator.email);
  await page.getByTestId("welcome-password").fill(administrator.password);
  await page.getByTestId("welcome-submit").click();

  await expect(page.getByRole("heading", { name: "WeChatアカウントを用意する" })).toBeVisible();
  await page.getByRole("link", { name: "経路の追加に進む" }).click();
  await field(page, "name").fill("オンラインショップ");
  // The first run has made a department: where there is nothing to choose, nothing is asked.
  await expect(page.getByRole("checkbox", { name: "カスタマーサポート" })).toBeChecked();
  await field(page, "original_id").fill(account.original_id);
  await field(page, "app_id").fill(account.app_id);
  await field(page, "app_secret").fill(account.secret);
  await icon(page).setInputFiles({ name: "i.png", mimeType: "image/png", buffer: pictureOf(MB) });
  await page.getByRole("button", { name: "この範囲を使う" }).click();
  await page.getByTestId("generate-token").click();
  await page.getByTestId("generate-key").click();
  await expect(field(page, "encoding_aes_key")).toHaveValue(/^[A-Za-z0-9]{43}$/);
  const token = await field(page, "token").inputValue();
  const key = await field(page, "encoding_aes_key").inputValue();
  await page.getByRole("button", { name: "保存する" }).click();
  await connect(page, token, key);
});

test("a form is left only on purpose, and the wizard is skipped by whoever has an account", async ({
  page,
}) => {
  await signIn(page);
  await page.goto(`${desk.url}/settings/channels/wechat/new`);
  await page.getByRole("link", { name: "アカウントを持っています" }).click();
  await field(page, "name").fill("まだ保存していない経路");
  await page.getByRole("link", { name: "キャンセル" }).click();
  await expect(page.getByText("保存せずに移動しますか？")).toBeVisible();
  await page.getByTestId("stay").click();
  await expect(field(page, "name")).toHaveValue("まだ保存していない経路");
  await page.getByRole("link", { name: "キャンセル" }).click();
  await page.getByTestId("leave").click();
  await expect(page.getByText("WeChatの経路はまだありません")).toBeVisible();
});

test("two administrators edit one channel: the second sees the first one's change and loses nothing", async ({
  page,
}) => {
  const admin = await Desk.signIn(`${desk.url}/`, administrator.email, administrator.password);
  const { id: department } = await admin.post<{ id: string }>("/departments", { name: "サポート" });
  const { id } = await admin.post<{ id: string }>("/channels", {
    name: "ショップ",
    app_id: account.app_id,
    original_id: account.original_id,
    app_secret: account.secret,
    department_ids: [department],
  });
  await signIn(page);
  await page.goto(`${desk.url}/settings/channels/wechat/${id}/edit`);
  await field(page, "name").fill("私のショップ");
  await admin.patch(`/channels/${id}`, { name: "別のショップ", time_zone: "Asia/Tokyo" });

  const conflict = page.getByTestId("form-conflict");
  await expect(conflict).toContainText(administrator.name);
  await expect(conflict).toContainText("別のショップ");
  await expect(conflict).toContainText("Asia/Tokyo");
  await expect(page.getByRole("button", { name: "保存する" })).toBeDisabled();
  await page.getByTestId("take-over").click();
  await expect(field(page, "name")).toHaveValue("私のショップ");
  await page.getByRole("button", { name: "保存する" }).click();
  await expect(page.getByRole("heading", { name: "私のショップ" })).toBeVisible();
  const saved = await admin.get<{ name: string; time_zone: string }>(`/channels/${id}`);
  expect([saved.name, saved.time_zone]).toEqual(["私のショップ", "Asia/Tokyo"]);
});

test("an App ID that a live channel uses is refused at its field and the rest is kept", async ({
  page,
}) => {
  const admin = await Desk.signIn(`${desk.url}/`, administrator.email, administrator.password);
  const { id: department } = await admin.post<{ id: string }>("/departments", { name: "サポート" });
  await admin.post("/channels", {
    name: "ショップ",
    app_id: account.app_id,
    original_id: account.original_id,
    app_secret: account.secret,
    department_ids: [department],
  });
  await signIn(page);
  await page.goto(`${desk.url}/settings/channels/wechat/new`);
  await field(page, "name").fill("二つ目");
  await field(page, "original_id").fill("gh_ba9876543210");
  await field(page, "app_id").fill(account.app_id);
  await field(page, "app_secret").fill("another-secret");
  await page.getByRole("button", { name: "保存する" }).click();
  await expect(field(page, "app_id")).toBeFocused();
  await expect(page.getByText("このアプリIDは別の経路で使用されています")).toBeVisible();
  await expect(field(page, "original_id")).toHaveValue("gh_ba9876543210");
  await expect(field(page, "app_secret")).toHaveValue("another-secret");
});
