import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { exportAudit } from '../../src/commands/audit-export.ts'
import { verifyAuditFile } from '../../src/commands/audit-verify.ts'
import { demo } from '../../src/commands/demo.ts'
import { acceptKey } from '../../src/commands/gateway-accept.ts'
import { checkGatewayCommand } from '../../src/commands/gateway-check.ts'
import { migrate } from '../../src/commands/migrate.ts'
import { addRegion } from '../../src/commands/region-add.ts'
import {
  nationalIdsOf,
  readGatewayServerConfig,
  readHubConfig,
  readHubServerConfig,
} from '../../src/config.ts'
import { openDatabase } from '../../src/kernel/database.ts'
import { openEmbeddedPostgres } from '../../src/kernel/embedded-postgres.ts'
import { generateSigningKey } from '../../src/trust/index.ts'
import { type Ended, runCommand } from './run-command.ts'

/** The command line as a person meets it: what it says, and with which exit code it ends. */
const ROOT = new URL('../../', import.meta.url).pathname
const SYSTEM = 'urn:oid:2.999.14.7'

let folder: string
const at = (name: string) => join(folder, name)

/** The embedded PostgreSQL of the data folder is held, so that each command finds it running. */
let postgres: Awaited<ReturnType<typeof openEmbeddedPostgres>>
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tsunagi-commands-'))
  postgres = await openEmbeddedPostgres(join(folder, 'data', 'postgres'))
})
afterAll(async () => {
  await postgres[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

function tsunagi(args: string[], environment: Record<string, string> = {}): Promise<Ended> {
  const env = { PATH: process.env.PATH ?? '', TSUNAGI_DATA: at('data'), ...environment }
  return new Promise((resolve) => {
    execFile(process.execPath, ['src/commands/tsunagi.ts', ...args], { cwd: ROOT, env }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    )
  })
}

/** The same without a process of its own, for commands whose way from the command line is one call. */
const within = (run: () => Promise<number>, environment: Record<string, string> = {}) =>
  runCommand({ TSUNAGI_DATA: at('data'), ...environment }, run)

const add = (id: string, patientSystem: string, options: object = {}) =>
  within(() => addRegion(id, { patientSystem, ...options }))

/** A heading, and a line for each thing that can be wrong at once. */
const LINES_MAX = 16

/** Says what to mend in a line or a few, in both languages, and shows nothing of the inside. */
function expectPlain({ err }: Ended, ...words: (string | RegExp)[]): void {
  for (const word of words) expect(err).toMatch(word)
  expect(err).toMatch(/[ぁ-ん]/)
  expect(err).not.toMatch(/ {4}at |node:internal|insert into|params:|Invalid|expected/)
  expect(err.trim().split('\n').length).toBeLessThan(LINES_MAX)
}

async function regionRow(id: string) {
  await using db = openDatabase(postgres.target('tsunagi_hub'), { connectionsMax: 1 })
  const [row] = await db.execute<{ name: string; stage: string; gateway_url: string | null }>(
    sql`select name, stage, gateway_url from region where id = ${id}`,
  )
  return row
}

/** A child process starts in half a second, on a busy machine in several. */
const CHILDREN_MS = 120_000

vi.setConfig({ testTimeout: CHILDREN_MS })

describe('help and usage', () => {
  test.each([
    ['', ['serve', 'gateway', 'demo', 'migrate', 'audit', 'region', 'Exit codes']],
    ['region add', ['--patient-system', '--key', '--certificate']],
    ['audit verify', ['--checkpoint', '--public-key', '--receipts']],
  ])('0 and what it takes for `%s --help`', async (command, words) => {
    const { code, out } = await tsunagi([...command.split(' ').filter(Boolean), '--help'])
    expect(code).toBe(0)
    for (const word of words) expect(out).toContain(word)
  })
  test.each(['nonsense', 'serve --nonsense', 'region add'])('2 for `%s`', async (command) => {
    const ended = await tsunagi(command.split(' '))
    expect(ended.code).toBe(2)
    expectPlain(ended, '--help')
  })
  test.each(['5', '20001', '20.5', 'many'])('2 for a demonstration with %s residents', async (residents) => {
    const ended = await within(() => demo({ residents }))
    expect(ended.code).toBe(2)
    expectPlain(ended, '--residents', '20000')
  })
})

test('141 and not a word more when whoever reads has enough', async () => {
  const args = ['src/commands/tsunagi.ts', 'align', 'check', 'fixtures/alignment/corpus', '--json']
  const command = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] })
  let err = ''
  command.stderr.on('data', (text) => {
    err += text
  })
  await once(command.stdout, 'data')
  command.stdout.destroy()
  const [code] = await once(command, 'close')
  expect([code, err]).toEqual([141, ''])
})

describe('audit', () => {
  test('5 for an export before anything was sealed, and no file', async () => {
    const nothing = await within(() => exportAudit(at('log.ndjson')))
    expect(nothing.code).toBe(5)
    expectPlain(nothing, 'sealed')
    expect(existsSync(at('log.ndjson'))).toBe(false)
  })
  test('2 for a file that is not there, whatever else is known, or that is a folder; 1 for one that is no log', async () => {
    const verify = (file: string, known = {}) => within(() => verifyAuditFile(file, known))
    const publicKey = Buffer.alloc(32).toString('base64')
    for (const none of [
      await tsunagi(['audit', 'verify', at('none.ndjson'), '--public-key', publicKey]),
      await verify(at('none.ndjson')),
    ]) {
      expect(none.code).toBe(2)
      expectPlain(none, at('none.ndjson'))
    }
    for (const misspelled of ['short', `${'A'.repeat(42)}B=`]) {
      const ended = await verify(folder, { publicKey: misspelled })
      expect(ended.code).toBe(2)
      expectPlain(ended, '32')
    }
    const directory = await verify(folder)
    expect(directory.code).toBe(2)
    expectPlain(directory, folder)
    writeFileSync(at('other.ndjson'), '{"a":1}\n')
    expect((await verify(at('other.ndjson'))).code).toBe(1)
  })
})

describe('3: what is configured wrongly is named, all of it at once', () => {
  test('serve', async () => {
    const ended = await tsunagi(['serve'], { HTTP_PORT: '99999', LOG_LEVEL: 'loud', TLS_CERT_FILE: '/none' })
    expect(ended.code).toBe(3)
    expectPlain(ended, /HTTP_PORT: .*65535/, /LOG_LEVEL: .*warn/, /TLS_CERT_FILE: .*no such file/)
    expectPlain(ended, /TLS_KEY_FILE: .*Not set/, /TLS_CA_FILE: .*Not set/, 'PLAIN_HTTP_ON_LOOPBACK=1')
  })
  test('gateway run', async () => {
    const ended = await tsunagi(['gateway', 'run'], { LOCAL_TLS_CERT_FILE: at('data'), HUB_URL: 'hub' })
    expect(ended.code).toBe(3)
    expectPlain(ended, /HUB_URL: .*Not valid/, /TLS_CERT_FILE: .*Not set/, /LOCAL_TLS_KEY_FILE: .*Not set/)
    for (const name of ['REGION', 'PATIENT_SYSTEM', 'EHR_URL', 'LOGIN_JWKS_FILE', 'LOGIN_ISSUER'])
      expectPlain(ended, new RegExp(`${name}: .*Not set`))
  })
  test('plain HTTP beyond this machine', () => {
    const plain = { PLAIN_HTTP_ON_LOOPBACK: '1', HTTP_HOST: '0.0.0.0', INWARD_HOST: '::', LOCAL_HOST: 'ehr' }
    expect(() => readHubServerConfig(plain)).toThrow(/HTTP_HOST: .*Without TLS/)
    expect(() => readGatewayServerConfig(plain)).toThrow(/INWARD_HOST: .*Without TLS.*\n.*LOCAL_HOST: /)
    expect(() => readHubServerConfig({ PLAIN_HTTP_ON_LOOPBACK: '1', HTTP_HOST: '::1' })).not.toThrow()
  })
  test('national identifiers without a secret, or with one that is too short; none unless they are asked for', () => {
    const plain = { PLAIN_HTTP_ON_LOOPBACK: '1' }
    expect(nationalIdsOf(readHubServerConfig(plain))).toBeUndefined()
    const asked = { ...plain, NATIONAL_IDS: 'my-number' }
    expect(() => readHubServerConfig(asked)).toThrow(/NATIONAL_ID_SECRET_FILE: .*Not set/)
    expect(() => readHubConfig({ NATIONAL_IDS: 'passport' })).toThrow(/NATIONAL_IDS: .*medical-id/)
    writeFileSync(at('short'), 'x'.repeat(31))
    const short = readHubServerConfig({ ...asked, NATIONAL_ID_SECRET_FILE: at('short') })
    expect(() => nationalIdsOf(short)).toThrow(/NATIONAL_ID_SECRET_FILE: .*too short.*32 bytes/)
    writeFileSync(at('secret'), 'x'.repeat(32))
    const sound = readHubServerConfig({ ...asked, NATIONAL_ID_SECRET_FILE: at('secret') })
    expect(nationalIdsOf(sound)).toMatchObject({ allowed: ['my-number'] })
  })
  test('without repeating a value, which may be a password', () => {
    const wrong = { DATABASE_URL: 'mysql://hub:geheim@127.0.0.1/hub' }
    expect(() => readHubConfig(wrong)).toThrow(/DATABASE_URL: /)
    expect(() => readHubConfig(wrong)).not.toThrow(/geheim/)
  })
  test('a port that is in use', async () => {
    const holder = createServer()
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
    const { port } = holder.address() as { port: number }
    const ended = await tsunagi(['serve'], {
      HTTP_PORT: String(port),
      PLAIN_HTTP_ON_LOOPBACK: '1',
      LOG_LEVEL: 'silent',
    })
    holder.close()
    expect(ended.code).toBe(3)
    expectPlain(ended, `127.0.0.1:${port}`, 'in use')
  })
})

/** A hub of its own process, from its word that it listens until it is told to stop. */
async function serving(environment: Record<string, string>) {
  const env = { PATH: process.env.PATH ?? '', TSUNAGI_DATA: at('data'), ...environment }
  const hub = spawn(process.execPath, ['src/commands/tsunagi.ts', 'serve'], { cwd: ROOT, env })
  const exited = once(hub, 'exit')
  let said = ''
  for await (const chunk of hub.stdout) {
    said += chunk
    if (said.includes('"hub.started"')) break
  }
  return {
    started: JSON.parse(said.split('\n').find((line) => line.includes('"hub.started"')) ?? '{}'),
    async [Symbol.asyncDispose]() {
      hub.kill('SIGTERM')
      await exited
    },
  }
}

test('a hub names itself with an IPv6 address in brackets, and its log is exported under that name alone', async () => {
  const holder = createServer().listen(0, '::1')
  await once(holder, 'listening')
  const { port } = holder.address() as { port: number }
  await new Promise((resolve) => holder.close(resolve))
  const own = { TSUNAGI_DATA: at('named') }
  const environment = { ...own, HTTP_HOST: '::1', HTTP_PORT: String(port), PLAIN_HTTP_ON_LOOPBACK: '1' }
  await using hub = await serving(environment)
  const url = `http://[::1]:${port}`
  expect(hub.started).toMatchObject({ url, publicUrl: url })
  expect((await fetch(`${url}/livez`)).status).toBe(200)
  await vi.waitFor(async () => expect((await fetch(`${url}/audit/checkpoint`)).status).toBe(200), 30_000)
  const misnamed = await within(() => exportAudit(at('sealed.ndjson')), own)
  expect(misnamed.code).toBe(3)
  expectPlain(misnamed, `[::1]:${port}`, 'PUBLIC_URL')
  expect(existsSync(at('sealed.ndjson'))).toBe(false)
  expect((await within(() => exportAudit(at('sealed.ndjson')), environment)).code).toBe(0)
  expect((await within(() => verifyAuditFile(at('sealed.ndjson'), {}))).code).toBe(0)
  writeFileSync(at('kept.ndjson'), 'kept')
  const again = await within(() => exportAudit(at('kept.ndjson')), environment)
  expect(again.code).toBe(2)
  expectPlain(again, at('kept.ndjson'))
  expect(readFileSync(at('kept.ndjson'), 'utf8')).toBe('kept')
})

test('4 for a database that cannot be reached, without its password', async () => {
  const ended = await tsunagi(['migrate'], { DATABASE_URL: 'postgres://hub:geheim@127.0.0.1:1/hub' })
  expect(ended.code).toBe(4)
  expectPlain(ended, 'ECONNREFUSED')
  expect(ended.err).not.toContain('geheim')
})

test('3 for a database without the TLS that DATABASE_URL demands, which is said', async () => {
  // As PostgreSQL answers without TLS: no, and then an end to what is no start of a session.
  const server = createServer((socket) => {
    socket.once('data', () => {
      socket.write('N')
      socket.once('data', () => socket.end(Buffer.from('E\0\0\0\x10SFATAL\0C08P01\0\0')))
    })
    socket.on('error', () => {})
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  for (const mode of ['require', 'verify-full']) {
    const url = `postgres://hub:geheim@127.0.0.1:${port}/hub?sslmode=${mode}`
    const ended = await within(() => migrate({ isGateway: false }), { DATABASE_URL: url })
    expect([ended.code, ended.err]).toEqual([3, expect.stringContaining('sslmode')])
    expect(ended.err).not.toContain('geheim')
  }
  server.close()
})

describe('region add', () => {
  test('adds with an id and a patient system; later changes what is given and nothing else', async () => {
    const key = await generateSigningKey('ES256')
    writeFileSync(at('key.json'), JSON.stringify(key.publicJwk))
    const first = await add('neu', SYSTEM, { name: '新地域', stage: 'feeding', json: true })
    expect([first.code, first.out]).toEqual([0, '{"region":"neu","key":null}\n'])
    const given = { gatewayUrl: 'https://gw.example/', key: at('key.json'), json: true }
    const second = await add('neu', SYSTEM, given)
    expect([second.code, second.out]).toEqual([0, `{"region":"neu","key":"${key.kid}"}\n`])
    expect(await regionRow('neu')).toEqual({
      name: '新地域',
      stage: 'feeding',
      gateway_url: 'https://gw.example',
    })
  })
  test('2 for arguments that are wrong, all of them at once, and for files that are missing or something else', async () => {
    writeFileSync(at('rsa.json'), '{"kty":"RSA","n":"AQAB","e":"AQAB"}')
    writeFileSync(at('not.pem'), 'no certificate')
    const other = (options: object) => add('other', 'urn:oid:2.999.14.8', options)
    const wrong = await add('UPPER', 'x', { stage: 'soon' })
    expectPlain(wrong, '<id>', '--patient-system', /--stage: .*feeding/)
    const missing = await other({ key: at('none.json') })
    expectPlain(missing, at('none.json'))
    const rsa = await other({ key: at('rsa.json') })
    expectPlain(rsa, at('rsa.json'), 'ES256')
    const noCertificate = await other({ certificate: at('not.pem') })
    expectPlain(noCertificate, at('not.pem'), 'PEM')
    expect([wrong, missing, rsa, noCertificate].map(({ code }) => code)).toEqual([2, 2, 2, 2])
    expect(await regionRow('other')).toBeUndefined()
  })
  test('5 for a patient system of another region, or another one for this', async () => {
    await add('neu', SYSTEM)
    for (const [id = '', system = ''] of [
      ['other', SYSTEM],
      ['neu', 'urn:oid:2.999.14.9'],
    ]) {
      const ended = await add(id, system)
      expect(ended.code).toBe(5)
      expectPlain(ended, 'patient-id system')
    }
    expect(await regionRow('other')).toBeUndefined()
  })
})

test('gateway accept pins once, knows it again, and gives nobody another’s key', async () => {
  writeFileSync(at('jwks.json'), '{"keys":[]}')
  const environment = {
    REGION: 'neu',
    PATIENT_SYSTEM: SYSTEM,
    HUB_URL: 'http://127.0.0.1:1',
    EHR_URL: 'http://127.0.0.1:1',
    LOGIN_JWKS_FILE: at('jwks.json'),
    LOGIN_ISSUER: 'idp',
    PLAIN_HTTP_ON_LOOPBACK: '1',
  }
  const { kid } = await generateSigningKey('ES256')
  const accept = (peer: string, thumbprint = kid) => within(() => acceptKey(peer, thumbprint), environment)
  for (const wrong of ['nonsense', `${'A'.repeat(42)}B`]) {
    const ended = await accept('minato', wrong)
    expect(ended.code).toBe(2)
    expectPlain(ended, '<thumbprint>')
  }
  expect((await accept('minato')).err).toContain('The key is pinned.')
  expect((await accept('minato')).err).toContain('pinned before')
  expect((await accept('hub')).code).toBe(5)
  const check = await within(() => checkGatewayCommand({ json: true }), environment)
  expect([1, 4]).toContain(check.code)
  expect(JSON.parse(check.out)).toMatchObject({ hub: { isReachable: false }, ehr: { isReachable: false } })
})
