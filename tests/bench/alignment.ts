import { readdirSync, readFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { type AlignedSource, alignAnswers, judgeText } from '../../src/alignment/index.ts'
import { ITEM_CODES } from '../../src/vocabulary/index.ts'
import { machine } from './measure.ts'

/**
 * How fast records are classified, mapped and checked, in one process on one core; and what sorting an answer of 200
 * records takes. Time is the thread's own CPU time: the machine may have other work.
 */
const isShort = process.argv.includes('--short')
const ROUNDS = isShort ? 60 : 300
const RUNS = isShort ? 3 : 7
const FOLDERS = ['condition', 'allergy-drug', 'allergy-other', 'infection', 'laboratory', 'prescription']
const CORPUS = new URL('../../fixtures/alignment/corpus/', import.meta.url)

function records(name: RegExp): string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, CORPUS))
      .filter((file) => name.test(file))
      .map((file) => readFileSync(new URL(`${folder}/${file}`, CORPUS), 'utf8'))
      .map((text) => JSON.stringify((JSON.parse(text) as { resource: object }).resource)),
  )
}

/** Milliseconds of CPU that the work takes, the median of several runs after a warm-up. */
function cpuMs(work: () => void): number {
  work()
  const times = Array.from({ length: RUNS }, () => {
    const before = process.threadCpuUsage()
    work()
    const { user, system } = process.threadCpuUsage(before)
    return (user + system) / 1_000
  })
  return times.sort((one, other) => one - other)[Math.floor(RUNS / 2)] ?? 0
}

function perSecond(texts: readonly string[]): { rate: number; bytes: number } {
  const ms = cpuMs(() => {
    for (let round = 0; round < ROUNDS; round++) for (const text of texts) judgeText(text)
  })
  const bytes = texts.reduce((sum, text) => sum + text.length, 0) / texts.length
  return { rate: (texts.length * ROUNDS * 1_000) / ms, bytes }
}

function answerOf(count: number): AlignedSource[] {
  const texts = records(/^good/)
  const own = (region: string, from: number): AlignedSource => ({
    region: { id: region, name: region },
    state: 'complete',
    items: [...ITEM_CODES],
    resources: Array.from({ length: count / 2 }, (_, index) => ({
      text: (texts[(from + index) % texts.length] ?? '').replace('"id":"', `"id":"${region}-${index}-`),
    })),
  })
  return [own('minato', 0), own('sagamino', 3)]
}

function parsedPerSecond(texts: readonly string[]): number {
  const ms = cpuMs(() => {
    for (let round = 0; round < ROUNDS; round++) for (const text of texts) JSON.parse(text)
  })
  return (texts.length * ROUNDS * 1_000) / ms
}

const floor = parsedPerSecond(records(/^good/))
const good = perSecond(records(/^good/))
const mended = perSecond(records(/^convertible/))
const answer = answerOf(200)
const answerMs = cpuMs(() => {
  for (let round = 0; round < 20; round++) alignAnswers(answer, ITEM_CODES)
})
const figures = {
  machine: machine(),
  load: loadavg()[0],
  jsonParsePerSecond: Math.round(floor),
  conformantPerSecond: Math.round(good.rate),
  convertiblePerSecond: Math.round(mended.rate),
  answerOf200Ms: Number((answerMs / 20).toFixed(2)),
}
if (process.argv.includes('--json')) console.log(JSON.stringify(figures))
else
  console.log(`${figures.machine}, load ${figures.load?.toFixed(1)}
the same records through JSON.parse alone, for the machine   ${figures.jsonParsePerSecond} /s
classified, mapped and checked, national records of ${good.bytes.toFixed(0)} bytes   ${figures.conformantPerSecond} /s of one core's time
the same, records that have to be converted first             ${figures.convertiblePerSecond} /s
an answer of 200 records from two regions sorted and folded    ${figures.answerOf200Ms} ms`)
