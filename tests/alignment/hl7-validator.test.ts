import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { judgeText } from '../../src/alignment/index.ts'
import differences from './hl7/differences.json' with { type: 'json' }

/**
 * Our verdicts beside those of HL7's own validator (in HAPI FHIR) over every record of the corpus, at JP-CLINS 1.5.2.
 * It needs Java, Maven and the published packages, which are nobody's to hand on: IG_PACKAGES names a folder with
 * their .tgz, JP-CLINS first by name.
 */
const packages = process.env.IG_PACKAGES
const hasTool = (tool: string) => spawnSync(tool, ['-version'], { stdio: 'ignore' }).status === 0
const missing = [
  ...(packages === undefined ? ['IG_PACKAGES (a folder with the published .tgz packages)'] : []),
  ...['java', 'javac', 'mvn'].filter((tool) => !hasTool(tool)),
]
const corpus = new URL('../../fixtures/alignment/corpus/', import.meta.url)
const folder = mkdtempSync(join(tmpdir(), 'hl7-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Case {
  name: string
  resource: object
}

function cases(): Case[] {
  return readdirSync(corpus).flatMap((kind) =>
    readdirSync(new URL(`${kind}/`, corpus)).map((file) => {
      const text = readFileSync(new URL(`${kind}/${file}`, corpus), 'utf8')
      return { name: `${kind}--${file}`, resource: (JSON.parse(text) as { resource: object }).resource }
    }),
  )
}

/** Every profile without its version, or with another: the package has one. */
function atVersion({ resource }: Case, version: string): string {
  return JSON.stringify(resource).replaceAll(
    /(\/StructureDefinition\/JP_[A-Za-z_]+)\|[\d.]+/g,
    `$1${version}`,
  )
}

/** The check-up guide publishes some profiles of JP-CLINS anew under their URLs: whose come first, count. */
const isCheckups = (name: string) => /che?c?kup/i.test(name)

function runValidator(): Map<string, string[]> {
  const published = readdirSync(packages ?? '')
    .filter((name) => name.endsWith('.tgz'))
    .sort()
    .map((name) => {
      const place = join(folder, name)
      mkdirSync(place)
      execFileSync('tar', ['xzf', join(packages ?? '', name), '-C', place])
      return { name, place: join(place, 'package') }
    })
  cpSync(new URL('./hl7/', import.meta.url), folder, { recursive: true })
  execFileSync('mvn', ['-q', '-B', 'dependency:build-classpath', '-Dmdep.outputFile=classpath'], {
    cwd: folder,
  })
  const classpath = `${folder}:${readFileSync(join(folder, 'classpath'), 'utf8').trim()}`
  execFileSync('javac', ['-cp', classpath, '-d', folder, 'Validate.java'], { cwd: folder })
  const errors = new Map<string, string[]>()
  for (const ofCheckups of [false, true]) {
    const resources = join(folder, `resources-${ofCheckups}`)
    mkdirSync(resources)
    for (const each of cases().filter(({ name }) => isCheckups(name) === ofCheckups))
      writeFileSync(join(resources, each.name), atVersion(each, ''))
    const first = published.filter(({ name }) => isCheckups(name) === ofCheckups)
    const places = [...first, ...published.filter((each) => !first.includes(each))].map(({ place }) => place)
    const said = execFileSync('java', ['-Xmx2g', '-cp', classpath, 'Validate', resources, ...places], {
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
    })
    for (const line of said.split('\n').filter(Boolean)) {
      const [file = '', ...rest] = line.split('\t')
      errors.set(file, [...(errors.get(file) ?? []), rest.join(' ')])
    }
  }
  return errors
}

/** Rules of ours that the package does not have, and what the validator says for reasons of its own. */
const ours = differences.ours.map(({ rule }) => new RegExp(`^(${rule})$`))
const theirs = differences.theirs.map(({ records, message }) => ({
  records: new RegExp(records),
  message: new RegExp(message),
}))

describe.skipIf(missing.length > 0)(
  `HL7’s validator ${missing.length > 0 ? `(skipped, missing: ${missing.join(', ')})` : ''}`,
  () => {
    const errors = missing.length > 0 ? new Map<string, string[]>() : runValidator()

    test.each(cases())('$name', (each) => {
      const broken = judgeText(atVersion(each, '|1.5.2')).flatMap(({ issues }) =>
        issues.map(({ rule }) => rule),
      )
      const said = errors.get(each.name) ?? []
      const unexplainedOurs = broken.filter((rule) => !ours.some((own) => own.test(rule)))
      const unexplainedTheirs = said.filter(
        (text) => !theirs.some(({ records, message }) => records.test(each.name) && message.test(text)),
      )
      // Whether a record is right is what must agree; which of several rules each names first is their own affair.
      if (said.length === 0) expect(unexplainedOurs).toEqual([])
      if (broken.length === 0) expect(unexplainedTheirs).toEqual([])
    })
  },
)
