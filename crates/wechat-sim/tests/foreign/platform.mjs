// Starts the built simulator and a callback server, and acts on the simulator through its control API.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const BINARY = process.env.KEFU_BIN ?? fileURLToPath(new URL('../../../../target/debug/kefu', import.meta.url))

/** Starts `kefu sim` on a free port; the answer has its address and a way to end it. */
export async function startSimulator() {
  const child = spawn(BINARY, ['sim', '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`the simulator ended with ${code}`)
  })
  const line = await Promise.race([once(createInterface(child.stdout), 'line'), failed])
  failed.catch(() => {})
  const url = /http:\/\/[^\s/]+/.exec(line[0])[0]
  const stop = async () => {
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  return { url, control: (...request) => control(url, ...request), stop }
}

/** One request to the control API. */
async function control(url, method, path, body) {
  const response = await fetch(`${url}/sim/v1${path}`, {
    method,
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  const answer = await response.json()
  if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`)
  return answer
}

/** Serves a connect-style middleware as a callback. */
export async function startCallback(middleware) {
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url, 'http://callback')
    request.query = Object.fromEntries(searchParams)
    middleware(request, response, (error) => {
      response.statusCode = 500
      response.end(String(error))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const stop = () => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  }
  return { url: `http://127.0.0.1:${server.address().port}/wechat`, stop }
}

/** Asks until the answer is not empty, for at most five seconds. */
export async function eventually(what, ask) {
  const deadline = Date.now() + 5000
  for (;;) {
    const found = await ask()
    if (found) return found
    if (Date.now() > deadline) throw new Error(`${what} did not happen within five seconds`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
