import {
  type Breach,
  inEnglish,
  judgeText,
  LEVELS,
  type Level,
  unreadVerdict,
  type Verdict,
  WHOLE,
} from '../alignment/index.ts'
import { differencesOf, saidOf } from './align-expected.ts'
import { filesAt, type Text, textsOf } from './align-texts.ts'

/** Room for a Bundle of some 10,000 resources. */
const LIMITS = { depthMax: 64, nodesMax: 5_000_000 }

const LEVEL_NAMES: Record<Level, string> = {
  'national-conformant': '国の形式に適合',
  convertible: '変換可能',
  readable: '閲覧のみ',
  nonconformant: '不適合',
}

interface Output {
  say: (line: string) => void
}

const STREAM: Output = { say: (line) => process.stdout.write(`${line}\n`) }

interface Options {
  /** One object a line: `file`, `path`, `resourceType`, `profile`, `item`, `level`, `issues`. */
  json?: boolean
  /** With it: `igVersion`, `added` and `lacking` too. */
  detail?: boolean
  /** Holds each verdict against the one its file expects. */
  expect?: boolean
}

/** Says of every resource how far it fits the national set. 0 none is nonconformant, or all are as expected; else 1. */
export async function checkAlignment(
  path: string,
  { json = false, detail = false, expect = false }: Options,
  output: Output = STREAM,
): Promise<0 | 1> {
  const counts = new Map<Level, number>()
  let unexpected = 0
  for (const file of filesAt(path)) {
    const verdicts: Verdict[] = []
    const { texts, expected } = textsOf(file, { isNamed: file === path })
    for await (const { verdict, line } of verdictsOf(texts)) {
      counts.set(verdict.level, (counts.get(verdict.level) ?? 0) + 1)
      if (expected !== undefined) verdicts.push(verdict)
      if (json) output.say(JSON.stringify(lineOf(file, verdict, { line, isDetailed: detail })))
      else if (!expect) for (const each of linesOf(file, verdict, line)) output.say(each)
    }
    const differences = expect ? differencesOf(verdicts, expected) : []
    unexpected += differences.length
    for (const difference of differences)
      output.say(json ? JSON.stringify({ file, ...difference }) : saidOf(file, difference))
  }
  if (!json) output.say(summaryOf(counts))
  if (!json && expect) output.say(`期待と違うもの unexpected: ${unexpected}`)
  return (expect ? unexpected > 0 : counts.has('nonconformant')) ? 1 : 0
}

/** A line as integrators read it; `path` begins with the line of NDJSON, as compilers have it: `3:Condition`. */
function lineOf(
  file: string,
  verdict: Verdict,
  { line, isDetailed }: { line: number | undefined; isDetailed: boolean },
): object {
  const { resourceType, profile, item, level, issues, igVersion, added, lacking } = verdict
  const path = line === undefined ? verdict.path : `${line}:${verdict.path}`
  const told = { file, path, resourceType, profile, item, level, issues: issues.map(issueOf) }
  return isDetailed ? { ...told, igVersion, added, lacking: lacking.map(issueOf) } : told
}

function issueOf({ rule, path, text }: Breach): object {
  return { id: rule, path, text, textEn: inEnglish(text) ?? text }
}

interface Judged {
  verdict: Verdict
  /** Of NDJSON. */
  line: number | undefined
}

async function* verdictsOf(texts: AsyncIterable<Text> | Iterable<Text>): AsyncGenerator<Judged> {
  for await (const { text, fault, line } of texts) {
    const verdicts = fault === undefined ? judgeText(text, undefined, LIMITS) : [unreadVerdict(fault)]
    for (const verdict of verdicts) yield { verdict, line }
  }
}

function linesOf(file: string, verdict: Verdict, line: number | undefined): string[] {
  const { level, issues, added, lacking, item } = verdict
  if (level === 'national-conformant') return []
  const place = [
    file,
    ...(line === undefined ? [] : [`${line}行目`]),
    ...(verdict.path === WHOLE ? [] : [verdict.path]),
    ...(item === null ? [] : [`[${item}]`]),
  ]
  const head = `${LEVEL_NAMES[level]}  ${place.join(' ')}`
  const broken = issues.map(({ rule, path, text }) => `    ${rule}  ${path}  ${text}`)
  const more = added.map(({ path, what, by }) => `    + ${path}  ${what}  (${by})`)
  const missing = lacking.map(({ path, text }) => `    （国の形式には）${path}  ${text}`)
  return [head, ...broken, ...more, ...missing]
}

function summaryOf(counts: ReadonlyMap<Level, number>): string {
  return LEVELS.map((level) => `${LEVEL_NAMES[level]} ${level}: ${counts.get(level) ?? 0}`).join('  ')
}
