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
const WARM_UP = 5
const ANSWERS = 100
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
  for (let warming = 0; warming < WARM_UP; warming++) work()
  const times = Array.from({ length: RUNS }, () => {
    const before = process.threadCpuUsage()
    work()
    const { user, system } = process.threadCpuUsage(before)
    return (user + system) / 1_000
  })
  return times.sort((one, other) => one - other)[Math.floor(RUNS / 2)] ?? 0
}

/** Each record as another patient's: no identifier, number or day is read twice in a round. */
function varied(texts: readonly string[]): string[] {
  return Array.from({ length: 4 }, (_, copy) =>
    texts.map((text) =>
      text
        .replaceAll(/"(id|value)":"([A-Za-z0-9.-]{1,40})"/g, `"$1":"$2${copy}"`)
        .replaceAll(/"value":(\d+)/g, `"value":$1${copy + 1}`)
        .replaceAll(/-(\d\d)T(\d\d):/g, (_whole, day: string) => `-${day}T1${copy}:`),
    ),
  ).flat()
}

function perSecond(texts: readonly string[]): number {
  const all = varied(texts)
  const rounds = Math.ceil((ROUNDS * 40) / all.length)
  const ms = cpuMs(() => {
    for (let round = 0; round < rounds; round++) for (const text of all) judgeText(text)
  })
  return Math.round((all.length * rounds * 1_000) / ms)
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
const mixtures = Object.entries({
  conformant: /^good/,
  convertible: /^convertible/,
  textOnly: /^text-only/,
  broken: /^broken/,
  mixed: /./,
}).map(([name, pattern]) => [name, perSecond(records(pattern))] as const)
const answer = answerOf(200)
const parsed = answer.map((source) => ({
  ...source,
  resources: source.resources.map(({ text }) => ({ text, resource: JSON.parse(text) as object })),
}))
const sortedMs = (sources: readonly AlignedSource[]): number => {
  const ms = cpuMs(() => {
    for (let round = 0; round < ANSWERS; round++) alignAnswers(sources, ITEM_CODES)
  })
  return Number((ms / ANSWERS).toFixed(2))
}
const figures = {
  machine: machine(),
  load: loadavg()[0],
  jsonParsePerSecond: Math.round(floor),
  ...Object.fromEntries(mixtures.map(([name, rate]) => [`${name}PerSecond`, rate])),
  answerOf200Ms: sortedMs(parsed),
  answerOf200FromTextMs: sortedMs(answer),
}
if (process.argv.includes('--json')) console.log(JSON.stringify(figures))
else {
  console.log(`${figures.machine}, load ${figures.load?.toFixed(1)}; a second of one core's own time
${String(figures.jsonParsePerSecond).padStart(8)} /s  national records through JSON.parse alone, for the machine`)
  for (const [name, rate] of mixtures)
    console.log(`${String(rate).padStart(8)} /s  parsed, classified, mapped and checked: ${name}`)
  console.log(`${String(figures.answerOf200Ms).padStart(8)} ms  added to an answer of 200 records, sorted and folded
${String(figures.answerOf200FromTextMs).padStart(8)} ms  the same where nobody parsed them before`)
}
