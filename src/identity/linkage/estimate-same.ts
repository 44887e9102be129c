import { blockMaxOf, collectKeys, PASS_NAMES, visitBlocks } from './blocks.ts'
import type { Columns } from './columns.ts'
import { compareAt } from './compare.ts'
import { expectMaximise, type Probabilities, sharesOf } from './expect-maximise.ts'
import { addCounts, knownIn, noCounts, type Patterns, patternsOf } from './level-counts.ts'
import { emptyComparison, FIELDS, type Field, LEVELS, TEXTS } from './levels.ts'
import type { Model } from './model.ts'
import { emptyKeys, sortKeys } from './sort-keys.ts'

/**
 * Pairs that share a key are a session. What the key stands on tells nothing there, and neither does what goes with it
 * among strangers: who shares a number shares an address, and who shares a given name shares the sex.
 */
const SESSIONS: readonly { pass: (typeof PASS_NAMES)[number]; learns: readonly Field[] }[] = [
  { pass: 'number', learns: ['given', 'birthDate', 'sex'] },
  {
    pass: 'givenReading',
    learns: ['surname', 'insured', 'address', 'mobile', 'landline', 'care', 'payer', 'email'],
  },
  {
    pass: 'readingAndTown',
    learns: ['birthDate', 'insured', 'mobile', 'landline', 'care', 'payer', 'email'],
  },
]

/** Of general data any column may be missing, so each is learnt in several. */
const GENERAL_SESSIONS: typeof SESSIONS = [
  { pass: 'wholeNameAlone', learns: ['birthDate', 'sex', 'national', ...TEXTS] },
  { pass: 'surnameReading', learns: ['given', 'national', ...TEXTS] },
  { pass: 'givenReading', learns: ['surname', 'national', ...TEXTS] },
  { pass: 'surnameAndText', learns: ['given', 'birthDate', 'sex'] },
  { pass: 'givenAndText', learns: ['surname', 'birthDate'] },
]

/** Expected pairs of one person below which a field keeps the weights it had. */
const ENOUGH = 100

/** How often two registrations of one person stand at each level: m, by EM in each session, put together. */
export function ofSamePersons(
  columns: Columns,
  model: Model,
  u: Partial<Probabilities>,
): Partial<Probabilities> {
  const counts = noCounts()
  const sessions = model.file.kind === 'general' ? GENERAL_SESSIONS : SESSIONS
  for (const { pass, learns } of sessions) {
    const fields = learns.filter((field) => u[field] !== undefined)
    if (fields.length === 0) continue
    const patterns = patternsOf(fields)
    compareBlocks(columns, PASS_NAMES.indexOf(pass), patterns)
    addCounts(expectMaximise(patterns, fields, u, startOf(model, fields)), counts)
  }
  const fields = FIELDS.filter((field) => knownIn(counts, field) >= ENOUGH)
  return sharesOf(counts, fields)
}

function compareBlocks(columns: Columns, pass: number, patterns: Patterns): void {
  const keys = emptyKeys(columns.count)
  collectKeys(columns, pass, { part: 0, parts: 1 }, keys)
  sortKeys(keys, emptyKeys(0))
  const max = blockMaxOf(pass)
  const levels = emptyComparison()
  visitBlocks(keys, (from, to) => {
    if (to - from > max) return
    for (let a = from; a < to; a++) {
      for (let b = a + 1; b < to; b++) {
        compareAt(columns, keys.place[a] as number, keys.place[b] as number, levels)
        patterns.add(levels)
      }
    }
  })
}

function startOf({ file }: Model, fields: readonly Field[]): Partial<Probabilities> {
  return Object.fromEntries(
    fields.map((field) => {
      const levels = file.fields[field] ?? {}
      return [field, LEVELS[field].map((name, at) => (at === 0 ? 0 : (levels[name]?.m ?? 0.001)))]
    }),
  )
}
