// The middleware `wechat`, as published, receives pushes and replies; `wechat-crypto` is the other side of the cipher.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import wechat from 'wechat'
import { startCallback, startSimulator } from './platform.mjs'

const APP_ID = 'wx0123456789abcdef'
const TOKEN = 'callbacktoken'
const LI = 'oLi0000000000000000000000000'
// The last two bits of the first key are set, which strict decoders refuse.
const KEYS = ['abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG', 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFA']

let simulator

before(async () => {
  simulator = await startSimulator()
})

after(() => simulator.stop())

/** An account of the simulator and a callback that echoes what it is told; answers what the callback saw. */
async function connected(encryption_mode, encodingAESKey, work) {
  const seen = []
  const config = { token: TOKEN, appid: APP_ID, encodingAESKey, checkSignature: true }
  const callback = await startCallback(
    wechat(config, (request, response) => {
      seen.push(request.weixin)
      response.reply(request.weixin.MsgType === 'text' ? `re: ${request.weixin.Content}` : '')
    }),
  )
  try {
    await simulator.control('POST', '/accounts', {
      app_id: APP_ID,
      token: TOKEN,
      encoding_aes_key: encodingAESKey,
      encryption_mode,
      callback_url: callback.url,
    })
    await simulator.control('POST', `/accounts/${APP_ID}/followers`, { openid: LI, name: '李娜', silent: true })
    await work(seen)
  } finally {
    await callback.stop()
  }
}

async function acts(kind, fields) {
  const told = await simulator.control('POST', `/accounts/${APP_ID}/followers/${LI}/${kind}?wait=true`, fields)
  assert.equal(told.acknowledged, true, JSON.stringify(told))
  return told
}

const replies = async () => {
  const { items } = await simulator.control('GET', `/accounts/${APP_ID}/followers/${LI}/timeline`)
  return items.filter((item) => item.via === 'passive').map((item) => item.text)
}

for (const mode of ['plain', 'compatible', 'safe']) {
  test(`in the mode ${mode} the address is verified, pushes are understood and replies are shown`, async () => {
    await connected(mode, KEYS[0], async (seen) => {
      const verified = await simulator.control('POST', `/accounts/${APP_ID}/verify-url`)
      assert.equal(verified.ok, true, verified.error)
      const { msg_id } = await acts('messages', { type: 'text', content: '你好 😀 <b>&</b>' })
      await acts('messages', { type: 'location', location_x: 31.2, location_y: 121.5, scale: 16, label: '外滩' })
      await acts('messages', { type: 'link', title: 'T', description: 'D', url: 'http://a/?b=1&c=2' })
      await acts('events', { event: 'CLICK', event_key: 'help' })
      await acts('events', { event: 'scancode_push', event_key: '6', scan_code_info: { scan_type: 'qrcode', scan_result: '1' } })
      await acts('events', { event: 'unsubscribe' })
      await acts('scan', { scene: 'desk-7' })
      assert.equal(seen[0].MsgId, msg_id)
      assert.equal(seen[0].Content, '你好 😀 <b>&</b>')
      assert.equal(seen[0].FromUserName, LI)
      assert.deepEqual([seen[1].Location_X, seen[1].Label], ['31.2', '外滩'])
      assert.equal(seen[2].Url, 'http://a/?b=1&c=2')
      assert.deepEqual([seen[3].Event, seen[3].EventKey], ['CLICK', 'help'])
      assert.equal(seen[4].ScanCodeInfo.ScanResult, '1')
      assert.deepEqual(seen.slice(5).map((event) => event.Event), ['unsubscribe', 'subscribe'])
      assert.equal(seen[6].EventKey, 'qrscene_desk-7')
      assert.deepEqual(await replies(), ['re: 你好 😀 <b>&</b>'])
    })
  })
}

test('each side decrypts what the other encrypts, whatever the length and the key', async () => {
  for (const key of KEYS) {
    await connected('safe', key, async (seen) => {
      // All remainders of the padding's 32, then characters of two to four bytes.
      const texts = [...Array(33).keys()].map((length) => 'x'.repeat(length)).concat(['é', '字', '😀', '😀'.repeat(100)])
      for (const content of texts) await acts('messages', { type: 'text', content })
      assert.deepEqual(seen.map((message) => message.Content ?? ''), texts)
      assert.deepEqual(await replies(), texts.map((text) => `re: ${text}`))
    })
  }
})

test('a callback with another token is not acknowledged', async () => {
  await connected('safe', KEYS[0], async (seen) => {
    await simulator.control('PATCH', `/accounts/${APP_ID}`, { token: 'another', deliveries: 1, push_timeout_ms: 2000 })
    const path = `/accounts/${APP_ID}/followers/${LI}/messages?wait=true`
    const told = await simulator.control('POST', path, { type: 'text', content: 'x' })
    assert.equal(told.acknowledged, false)
    assert.deepEqual(seen, [])
  })
})
