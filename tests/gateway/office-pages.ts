import { COUNCIL, type TestRegion } from './local-region.ts'

export const DESK = { ...COUNCIL, sub: 'desk-1', name: '入江 まもる', duties: ['desk'] }
export const SECOND = { ...DESK, sub: 'desk-2', name: '帆足 ゆい' }
export const PRIVACY = { ...COUNCIL, sub: 'privacy-1', name: '舟木 あかね', duties: ['privacy'] }

type Fields = Record<string, string | string[]>

/** Posts a form as a page of this server does, or of another. */
export function postForm(url: string, fields: Fields, headers: Record<string, string>): Promise<Response> {
  const pairs = Object.entries(fields).flatMap(([name, values]) =>
    [values].flat().map((value): [string, string] => [name, value]),
  )
  return fetch(url, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(pairs),
  })
}

export async function launchOffice(region: TestRegion, claims: object): Promise<Response> {
  const headers = { origin: 'http://office.minato.example', 'sec-fetch-site': 'cross-site' }
  return postForm(`${region.url}/office/launch`, { login: await region.login(claims) }, headers)
}

/** The council office's pages as a browser uses them, for whoever logged in. */
export async function openOffice(region: TestRegion, claims: object = DESK) {
  const cookie = (await launchOffice(region, claims)).headers.get('set-cookie')?.split(';')[0] ?? ''
  const get = (path: string) => fetch(region.url + path, { headers: { cookie } })
  const session = /name="session" value="([^"]+)"/.exec(await (await get('/office')).text())?.[1] ?? ''
  return {
    cookie,
    session,
    get,
    text: async (path: string) => (await get(path)).text(),
    async post(path: string, fields: Fields, headers: Record<string, string> = {}) {
      const own = { cookie, 'sec-fetch-site': 'same-origin', ...headers }
      const response = await postForm(region.url + path, { session, ...fields }, own)
      return { status: response.status, page: await response.text() }
    },
  }
}

/** What stands at a field of a page: its fault, and what was typed there. */
export function fieldOf(
  page: string,
  name: string,
): { fault: string | undefined; value: string | undefined } {
  const fault = new RegExp(`id="[^"]*${name}-fault">× ([\\s\\S]*?)</p>`).exec(page)?.[1]
  const input = new RegExp(`<input [^>]*name="${name}"[^>]*>`).exec(page)?.[0] ?? ''
  const area = new RegExp(`<textarea [^>]*name="${name}"[^>]*>([^<]*)<`).exec(page)?.[1]
  return { fault: fault?.replace(/<[^>]*>/g, ''), value: area ?? /value="([^"]*)"/.exec(input)?.[1] }
}
