import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { generate } from './files/generate-files.ts'
import { AREAS } from './population/places.ts'

const { values } = parseArgs({
  options: {
    persons: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    regions: { type: 'string', default: '5' },
    out: { type: 'string' },
    format: { type: 'string', default: 'ndjson' },
    encoding: { type: 'string', default: 'utf-8' },
    json: { type: 'boolean', default: false },
  },
})

const persons = wholeNumber('persons', 1, 50_000_000)
const seed = wholeNumber('seed', 0, 2 ** 31 - 1)
const regions = wholeNumber('regions', 1, AREAS.length)
const { out, format, encoding } = values
if (out === undefined) usage('--out DIR is missing')
if (format !== 'ndjson' && format !== 'csv') usage('--format is ndjson or csv')
if (encoding !== 'utf-8' && encoding !== 'cp932') usage('--encoding is utf-8 or cp932')
if (format === 'ndjson' && encoding !== 'utf-8')
  usage('NDJSON is UTF-8; --encoding cp932 is for --format csv')

mkdirSync(out, { recursive: true })
const started = performance.now()
const summary = generate({ persons, seed, regions, out, format, encoding })
const seconds = (performance.now() - started) / 1000
const memoryMiB = Math.round(process.memoryUsage().rss / 2 ** 20)
writeFileSync(join(out, 'regions.json'), `${JSON.stringify(summary.regions, null, 2)}\n`)
if (values.json) console.log(JSON.stringify({ ...summary, seconds, memoryMiB }))
else {
  console.log(
    `${summary.persons} persons, ${summary.records} records in ${seconds.toFixed(1)} s, ${memoryMiB} MiB`,
  )
  for (const { id, file, records } of summary.regions) console.log(`${id}  ${records} records  ${file}`)
  console.log(`truth  ${summary.truth}`)
}

function wholeNumber(name: 'persons' | 'seed' | 'regions', low: number, high: number): number {
  const value = Number(values[name])
  if (!Number.isInteger(value) || value < low || value > high)
    usage(`--${name} is a whole number from ${low} to ${high}`)
  return value
}

function usage(problem: string): never {
  console.error(
    `${problem}\nnode tests/residents/generate.ts --persons N --seed N --regions N --out DIR [--format ndjson|csv] [--encoding utf-8|cp932] [--json]`,
  )
  process.exit(2)
}
