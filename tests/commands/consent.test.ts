import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { printCoverage } from '../../src/commands/consent-coverage.ts'
import { enterDeskFile } from '../../src/commands/consent-desk.ts'
import { keyFile } from '../../src/config.ts'
import { putRegistrationCopy } from '../../src/gateway/index.ts'
import { addKey } from '../../src/registry/index.ts'
import { readOrMakeSigningKey } from '../../src/trust/index.ts'
import { SYSTEM_OF } from '../support/sample-calls.ts'
import { register, type TestHub, testHub } from '../support/test-hub.ts'
import { type CommandPlace, commandPlace } from './command-place.ts'

/** The desk's commands at a gateway of their own, before a real hub whose clock is the machine's. */
let place: CommandPlace
let folder: string
let hub: TestHub

beforeAll(async () => {
  place = await commandPlace('gateway')
  folder = place.folder
  hub = await testHub({ now: () => new Date() })
  const key = await readOrMakeSigningKey(keyFile({ TSUNAGI_DATA: folder }, 'minato-region'), 'ES256')
  await hub.db.transaction((tx) => addKey(tx, { region: 'minato', jwk: key.publicJwk }, new Date()))
  await register(hub, 'minato', 'm-1', { consent: false })
  writeFileSync(join(folder, 'jwks.json'), '{"keys":[]}')
  const copy = { localId: 'm-1', protected: false, deceasedOn: null }
  await place.db.transaction((tx) => putRegistrationCopy(tx, copy, new Date()))
})
afterAll(async () => {
  await hub[Symbol.asyncDispose]()
  await place[Symbol.asyncDispose]()
})
afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

/** What the command prints and its exit code, with the gateway's environment. */
async function within(run: () => Promise<number>, environment: Record<string, string> = {}) {
  const settings = {
    ...{ ...place.environment, REGION: 'minato', PATIENT_SYSTEM: SYSTEM_OF.minato, HUB_URL: hub.url },
    ...{ EHR_URL: 'http://127.0.0.1:9', LOGIN_ISSUER: 'https://login.example', LOG_LEVEL: 'silent' },
    ...{ LOGIN_JWKS_FILE: join(folder, 'jwks.json'), PLAIN_HTTP_ON_LOOPBACK: '1', ...environment },
  }
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value)
  let out = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += text
    return true
  })
  return { code: await run(), out }
}

function csv(lines: string[]): string {
  const file = join(folder, 'batch.csv')
  writeFileSync(file, ['受付番号,患者ID,区分,同意書の版,署名日,入力日', ...lines].join('\r\n'))
  return file
}

test('consent desk: 1 and the bad line named, the rest in, at the hub too; again only the bad line is left', async () => {
  const file = csv([
    'R-1,m-1,同意,form-2019,2026-05-30,2026-06-01',
    'R-2,m-9,同意,form-2019,2026-05-30,2026-06-01',
  ])
  for (let times = 0; times < 2; times++) {
    const { code, out } = await within(() => enterDeskFile(file, {}))
    const [first, second] = out.trim().split('\n')
    expect(code).toBe(1)
    expect(first).toBe('○ 2 行目 line 2: R-1 有効になりました counts')
    expect(second).toContain('× 3 行目 line 3: 該当する登録がありません。')
  }
})

test('consent desk: 1 where a refused institution is not in the directory; the paper counts', async () => {
  const header = '受付番号,患者ID,区分,同意書の版,署名日,入力日,拒否機関'
  const file = join(folder, 'refusing.csv')
  writeFileSync(file, [header, 'R-3,m-1,同意,form-2019,2026-05-30,2026-06-01,1410000099'].join('\r\n'))
  const { code, out } = await within(() => enterDeskFile(file, {}))
  expect(code).toBe(1)
  expect(out).toContain('△ 2 行目 line 2: R-3 有効になりました counts refusedInstitutions: 拒否機関の1番目は')
})

test('consent coverage: the residents to ask again, a line each', async () => {
  const { code, out } = await within(() => printCoverage({ json: true }))
  expect(code).toBe(0)
  expect(
    out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([{ patient: 'm-1', reason: 'form-own-region', form: 'form-2019' }])
  const shown = await within(() => printCoverage({}))
  expect(shown.out).toBe(
    '受診なし no visit\tm-1\tform-2019\t自地域内だけを対象とする同意書 On a form for the own region only\n',
  )
})

test('consent desk: what ends sharing holds here though the hub is away, and says so', async () => {
  const file = csv(['T-1,m-1,停止,,2026-06-01,2026-06-01'])
  const { code, out } = await within(() => enterDeskFile(file, {}), { HUB_URL: 'http://127.0.0.1:9' })
  expect(code).toBe(1)
  expect(out).toContain(
    '△ 2 行目 line 2: T-1 有効になりました counts（ハブ未送信 the hub has not taken it: hub-unreachable）',
  )
  expect((await within(() => enterDeskFile(file, {}))).code).toBe(0)
})
