import { parseArgs } from 'node:util'
import { bulkLink, columnsBuilder, MODELS } from '../../src/identity/linkage/index.ts'
import { randomNumbers } from '../../src/identity/linkage/random.ts'
import type { Features } from '../../src/identity/normalise/index.ts'
import { machine } from './measure.ts'

/**
 * Linkage alone: no file, no folding, no database. The residents are only as lifelike as speed needs: households under
 * one number, names as uneven as in a telephone book, three registrations to two people, a third of them moved.
 *
 *   node tests/bench/linkage.ts --records 1500000 [--threads 2] [--json]
 */
const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '1500000' },
    threads: { type: 'string', default: '2' },
    json: { type: 'boolean', default: false },
  },
})
const RECORDS = Number(values.records)
const REGISTRATIONS_PER_PERSON = 1.5
const HOUSEHOLD = 2.3
const DAYS = 33_000
const TOWNS = 5000

const next = randomNumbers(1)
const KANA = [...'アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワ']
const KANJI = Array.from({ length: 2000 }, (_, at) => String.fromCodePoint(0x4e00 + 7 * at))

/** The square of an even draw: few names are many people's. */
function name(count: number): { kanji: string; kana: string } {
  const number = Math.floor((next(1 << 20) / (1 << 20)) ** 3 * count)
  const [first = '', second = ''] = [KANJI[number % 2000], KANJI[(number * 31) % 1999]]
  const kana = [number % 43, Math.floor(number / 43) % 43, Math.floor(number / 1849) % 43, number % 7]
  return { kanji: first + second, kana: kana.map((at) => KANA[at]).join('') }
}

function dayOf(number: number): string {
  return new Date(Date.UTC(1935, 0, 2 + number)).toISOString().slice(0, 10)
}
const BIRTH_DATES = Array.from({ length: DAYS }, (_, at) => dayOf(at))

function addressOf(): Features['address'] {
  const town = next(TOWNS)
  const lot = `${1 + next(6)}-${1 + next(30)}-${1 + next(20)}`
  return { postalCode: String(2_000_000 + town), town: `市町${town}`, townKey: `${town}`, lot }
}

function* residents(): Generator<Features> {
  for (let household = 0; ; household++) {
    const [family, home] = [name(40_000), addressOf()]
    for (let member = 0; member < 1 + next(2 * HOUSEHOLD - 1); member++) {
      const given = name(20_000)
      const birthDate = { day: BIRTH_DATES[next(DAYS)] ?? '', isPlaceholder: false }
      const sex = next(2) === 0 ? 'female' : 'male'
      const mobile = next(2) === 0 ? [`070${String(household).padStart(7, '0')}${member}`] : []
      for (let copy = 0; copy < (next(100) < 100 * (REGISTRATIONS_PER_PERSON - 1) ? 2 : 1); copy++) {
        const branch = next(5) === 0 ? undefined : String(member).padStart(2, '0')
        const number = next(10) === 0 ? `8${household}` : `${household}`
        yield {
          ...{ family, given, birthDate, sex, mobiles: mobile },
          insured: { insurer: '00149906', symbol: '77', number, branch, isSound: true },
          address: next(3) === 0 ? addressOf() : home,
        }
      }
    }
  }
}

const builder = columnsBuilder(RECORDS)
const started = performance.now()
for (const features of residents()) {
  builder.add(features)
  if (builder.count() === RECORDS) break
}
const columns = builder.finish()
const packedMs = performance.now() - started
const steps: Record<string, number> = {}
let last = performance.now()
const cpu = process.cpuUsage()
const linkage = await bulkLink(columns, MODELS, {
  threads: Number(values.threads),
  onStep(step) {
    steps[step] = Math.round(performance.now() - last)
    last = performance.now()
  },
})
const linkedMs = Object.values(steps).reduce((sum, ms) => sum + ms, 0)
// All threads; what the linkage costs whatever else the machine does.
const { user, system } = process.cpuUsage(cpu)
const cpuMs = Math.round((user + system) / 1000)
const judged = linkage.counts.passes.reduce((sum, pass) => sum + pass.judged, 0)
const rssMiB = Math.round(process.memoryUsage().rss / 2 ** 20)
if (values.json) {
  console.log(
    JSON.stringify({
      records: RECORDS,
      packedMs,
      linkedMs,
      cpuMs,
      judged,
      rssMiB,
      steps,
      counts: linkage.counts,
    }),
  )
} else {
  console.log(machine())
  console.log(
    `${RECORDS} registrations packed in ${(packedMs / 1000).toFixed(1)} s, linked in ${(linkedMs / 1000).toFixed(1)} s (${(cpuMs / 1000).toFixed(1)} s of CPU) on ${values.threads} threads: ${judged} pairs judged, ${linkage.counts.clusters} clusters, ${linkage.counts.possible} pairs to review; ${rssMiB} MiB`,
  )
  for (const [step, ms] of Object.entries(steps))
    console.log(`${step.padEnd(20)}${String(ms).padStart(8)} ms`)
}
