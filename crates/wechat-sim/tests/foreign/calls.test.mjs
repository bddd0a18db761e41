// co-wechat-api, as published, makes the account's calls.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import API from 'co-wechat-api'
import jsQR from 'jsqr'
import { PNG } from 'pngjs'
import { eventually, startSimulator } from './platform.mjs'

const APP_ID = 'wx0123456789abcdef'
const SECRET = '0123456789abcdef0123456789abcdef'
const LI = 'oLi0000000000000000000000000'
const MEI = 'oMei000000000000000000000000'
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
// An MP4 as far as its first box tells, and a second of AMR.
const VIDEO = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypmp42\0\0\0\0mp42isom'), Buffer.alloc(64)])
const VOICE = Buffer.concat([Buffer.from('#!AMR\n'), ...Array(50).fill(Buffer.concat([Buffer.from([0x3c]), Buffer.alloc(31)]))])

let simulator
let api

/** A client that knows another address; nothing else is changed. */
function client() {
  const made = new API(APP_ID, SECRET)
  made.prefix = `${simulator.url}/cgi-bin/`
  made.mpPrefix = `${simulator.url}/cgi-bin/`
  made.snsPrefix = `${simulator.url}/sns/`
  made.customservicePrefix = `${simulator.url}/customservice/`
  return made
}

const timeline = async (openid) =>
  (await simulator.control('GET', `/accounts/${APP_ID}/followers/${openid}/timeline`)).items
const says = (openid, content) =>
  simulator.control('POST', `/accounts/${APP_ID}/followers/${openid}/messages?wait=true`, { type: 'text', content })
const advance = (seconds) => simulator.control('POST', '/clock', { advance_seconds: seconds })

before(async () => {
  simulator = await startSimulator()
  await simulator.control('POST', '/accounts', { app_id: APP_ID, secret: SECRET, reply_profile: 'wechat_current' })
  for (const [openid, name] of [[LI, '李娜'], [MEI, '梅']]) {
    await simulator.control('POST', `/accounts/${APP_ID}/followers`, { openid, name, silent: true })
  }
  api = client()
})

after(() => simulator.stop())

test('a token is obtained, and a superseded one is replaced by the client itself', async () => {
  const first = await api.getAccessToken()
  assert.ok(first.accessToken.length > 100)
  await client().getAccessToken()
  await advance(301)
  const { total } = await api.getFollowers()
  assert.equal(total, 2)
  assert.notEqual((await api.getToken()).accessToken, first.accessToken)
})

test('a wrong secret is refused with its code', async () => {
  const wrong = client()
  wrong.appsecret = 'wrong'
  await assert.rejects(wrong.getAccessToken(), { code: 40125 })
})

test('media are uploaded, fetched and expire', async () => {
  const picture = await api.uploadMedia(PICTURE, 'image', 'a.png', 'image/png')
  assert.deepEqual(await api.getMedia(picture.media_id), PICTURE)
  const voice = await api.uploadMedia(VOICE, 'voice', 'a.amr', 'audio/amr')
  assert.deepEqual(await api.getMedia(voice.media_id), VOICE)
  const video = await api.uploadMedia(VIDEO, 'video', 'a.mp4', 'video/mp4')
  const { video_url } = await api.getMedia(video.media_id)
  assert.deepEqual(Buffer.from(await (await fetch(video_url)).arrayBuffer()), VIDEO)
  await assert.rejects(api.uploadMedia(Buffer.from('text'), 'image', 'a.png', 'image/png'), { code: 40137 })
  await advance(3 * 86_400)
  await assert.rejects(api.getMedia(picture.media_id), { code: 40007 })
})

test('replies arrive within the window and its count', async () => {
  await assert.rejects(api.sendText(LI, 'too early'), { code: 45015 })
  await says(LI, '你好')
  const { media_id } = await api.uploadMedia(PICTURE, 'image', 'a.png', 'image/png')
  await api.sendText(LI, '您好 😀 <b>')
  await api.sendImage(LI, media_id)
  const article = { title: 'T', description: 'D', url: 'http://a/', picurl: 'http://a/p.png' }
  await api.sendNews(LI, [article])
  await api.sendText(LI, '4')
  await api.sendText(LI, '5')
  await assert.rejects(api.sendText(LI, '6'), { code: 45047 })
  const shown = (await timeline(LI)).filter((item) => item.direction === 'received')
  assert.deepEqual(shown.map((item) => item.type), ['text', 'image', 'news', 'text', 'text'])
  assert.equal(shown[0].text, '您好 😀 <b>')
  assert.deepEqual(shown[2].articles, [article])
})

test('followers are listed, described and remarked', async () => {
  const { data } = await api.getFollowers()
  assert.deepEqual(data.openid, [LI, MEI])
  await api.updateRemark(LI, '老客户')
  const one = await api.getUser(LI)
  assert.equal(one.subscribe, 1)
  assert.equal(one.remark, '老客户')
  const { user_info_list } = await api.batchGetUsers([LI, MEI])
  assert.deepEqual(user_info_list.map((user) => user.openid), [LI, MEI])
  await assert.rejects(api.getUser('oNobody'), { code: 40003 })
})

test('tags are made, put on people, listed and removed', async () => {
  const { tag } = await api.createTags('VIP')
  await api.batchTagging([LI], tag.id)
  assert.deepEqual((await api.getIdList(LI)).tagid_list, [tag.id])
  assert.deepEqual((await api.getUsersFromTag(tag.id)).data.openid, [LI])
  await api.updateTag(tag.id, 'Gold')
  const { tags } = await api.getTags()
  assert.deepEqual(tags.find((known) => known.id === tag.id), { id: tag.id, name: 'Gold', count: 1 })
  await api.batchUnTagging([LI], tag.id)
  await api.deleteTag(tag.id)
  await assert.rejects(api.deleteTag(tag.id), { code: 45159 })
})

test('a mass message reaches those with the tag, and its end can be asked for', async () => {
  const { tag } = await api.createTags('monthly')
  await api.batchTagging([MEI], tag.id)
  const { msg_id } = await api.massSendText('本月新品', tag.id, 'monthly-1')
  const ended = async () => (await api.getMassMessageStatus(msg_id)).msg_status === 'SEND_SUCCESS'
  await eventually('the end of the job', ended)
  const shown = await timeline(MEI)
  assert.deepEqual(shown.map((item) => [item.text, item.via]), [['本月新品', 'mass']])
  await assert.rejects(api.massSendText('本月新品', tag.id, 'monthly-1'), { code: 45065 })
  const { media_id } = await api.uploadMedia(PICTURE, 'image', 'a.png', 'image/png')
  const { errcode } = await api.massSendImage(media_id, [LI, MEI])
  assert.equal(errcode, 0)
  await assert.rejects(api.massSendText('x', [LI]), { code: 40130 })
  await api.previewText(LI, 'proof')
  assert.equal((await timeline(LI)).at(-1).text, 'proof')
})

test('menus are made for everybody and for a tag', async () => {
  const button = [
    { type: 'click', name: '帮助', key: 'help' },
    { name: '更多', sub_button: [{ type: 'view', name: '官网', url: 'https://example.com/?a=1&b=2' }] },
  ]
  await api.createMenu({ button })
  const { menu } = await api.getMenu()
  assert.equal(menu.button[1].sub_button[0].url, 'https://example.com/?a=1&b=2')
  const seen = await simulator.control('GET', `/accounts/${APP_ID}/menu?openid=${LI}`)
  assert.deepEqual(seen.items, button)
  const { menuid } = await api.addConditionalMenu({ button: [button[0]], matchrule: { tag_id: '9' } })
  await api.delConditionalMenu(menuid)
  assert.equal((await api.getMenuConfig()).is_menu_open, 1)
  assert.equal((await api.getAutoreply()).is_autoreply_open, 0)
  await api.removeMenu()
  await assert.rejects(api.getMenu(), { code: 46003 })
})

test('a QR code can be read by a camera, and scanning it follows with the scene', async () => {
  const { ticket, url } = await api.createTmpQRCode(10_001, 1800)
  const response = await fetch(api.showQRCodeURL(ticket))
  const picture = PNG.sync.read(Buffer.from(await response.arrayBuffer()))
  const read = jsQR(new Uint8ClampedArray(picture.data), picture.width, picture.height)
  assert.equal(read?.data, url)
  const scanned = await simulator.control('POST', `/accounts/${APP_ID}/followers/oNew/scan?wait=true`, { ticket })
  assert.ok(scanned.delivery_id)
  assert.equal((await api.getUser('oNew')).qr_scene, 10_001)
  const permanent = await api.createLimitQRCode('door')
  assert.equal(permanent.expire_seconds, undefined)
})

test('template messages, tickets, addresses and native agents are there', async () => {
  const { template_id } = await api.addTemplate('OPENTM1')
  const { errcode } = await api.sendTemplate(LI, template_id, 'http://a/', '#000', { thing1: { value: 'A' } })
  assert.equal(errcode, 0)
  assert.equal((await api.getAllPrivateTemplate()).template_list.length, 1)
  const config = await api.getJsConfig({ debug: false, jsApiList: [], url: 'http://a/' })
  assert.match(config.signature, /^[0-9a-f]{40}$/)
  assert.deepEqual(await api.getIp(), { ip_list: ['127.0.0.1'] })
  assert.deepEqual((await api.getCustomServiceList()).kf_list, [])
})

test('an unverified account is refused what it has not', async () => {
  await simulator.control('PATCH', `/accounts/${APP_ID}`, { verified: false })
  await assert.rejects(api.sendText(LI, 'x'), { code: 48001 })
  await assert.rejects(api.createTmpQRCode(1), { code: 48001 })
  await simulator.control('PATCH', `/accounts/${APP_ID}`, { verified: true })
})
