import type { Truth } from './truth.ts'

type Compared = keyof Truth['compared']

/** Reasons why two people's records were held to be one person's, the most telling first. */
export function wrongLinkCause(truth: Truth, one: number, other: number): string {
  const causes = [...causesOf(truth, one), ...causesOf(truth, other)]
  for (const cause of ['test-record', 'id-reused', 'dummy-card', 'card-of-another', 'branch-of-relative']) {
    if (causes.includes(cause)) return cause
  }
  if (isSame(truth, 'twin', one, other)) return 'twins'
  const isNamesake = isSame(truth, 'reading', one, other)
  const roles = [truth.read.role[one] ?? '', truth.read.role[other] ?? ''].sort()
  if (isSame(truth, 'household', one, other) && !roles.includes('neighbour')) {
    return `${RELATIONS[roles.join(' ')] ?? 'household'}${isNamesake ? ', same reading' : ''}`
  }
  if (isNamesake) return 'namesakes'
  return causes.includes('newborn-placeholder') ? 'newborn-placeholder' : 'other'
}

const RELATIONS: Readonly<Record<string, string>> = {
  'adult child': 'parent and child',
  'child spouse': 'parent and child',
  'adult parent': 'parent and child',
  'adult spouse': 'couple',
  'child child': 'siblings',
  'child parent': 'grandparent and child',
}

/** Life is told by comparing the two records, not by what each lacks of today. */
const OF_LIFE = ['address-before-move', 'name-before-change', 'card-before-change']

/** How things are spelt; seldom what a link was missed for. */
const OF_SPELLING = [
  'half-width-kana',
  'lot-spelt-otherwise',
  'ke-spelt-otherwise',
  'building-missing',
  'postal-code-missing',
  'full-width-card',
  'insurer-unpadded',
  'leading-noughts-dropped',
  'leading-noughts-added',
  'symbol-residue',
  'courtesy-title',
  'former-name-given',
  'same-source-duplicate',
]

/** The causes together, spelling left out: what a kind of missed link is called. */
export function combinationOf(causes: readonly string[]): string {
  return causes.filter((cause) => !OF_SPELLING.includes(cause)).join(' ') || 'no more than spelling'
}

/** What stands between two records of one person, one word each, in the order of the alphabet. */
export function missedLinkCauses(truth: Truth, one: number, other: number): string[] {
  const found = new Set<string>()
  for (const record of [one, other]) {
    for (const cause of causesOf(truth, record)) if (!OF_LIFE.includes(cause)) found.add(cause)
  }
  if (differ(truth, 'address', one, other)) found.add('(moved)')
  if (differ(truth, 'insured', one, other)) found.add('(insurer changed)')
  if (truth.read.name[one] !== truth.read.name[other]) found.add('(name changed)')
  if (!isConfirmedPair(truth, one, other)) found.add('(nothing confirms)')
  return [...found].sort()
}

/** Both tell name, birth date and sex soundly, the name is the same one, and a script is common to both. */
export function isSoundPair({ read }: Truth, one: number, other: number): boolean {
  const sound = read.sound[one] ?? ''
  const otherSound = read.sound[other] ?? ''
  if (sound === '' || otherSound === '' || read.name[one] !== read.name[other]) return false
  return sound === otherSound || sound.split('+').some((script) => otherSound.split('+').includes(script))
}

/** An address or an insured number says the same. */
export function isConfirmedPair(truth: Truth, one: number, other: number): boolean {
  return isSame(truth, 'address', one, other) || isSame(truth, 'insured', one, other)
}

function isSame({ compared }: Truth, what: Compared, one: number, other: number): boolean {
  return compared[what][one] !== 0 && compared[what][one] === compared[what][other]
}

function differ({ compared }: Truth, what: Compared, one: number, other: number): boolean {
  return (
    compared[what][one] !== 0 && compared[what][other] !== 0 && compared[what][one] !== compared[what][other]
  )
}

const split = new Map<string, string[]>([['', []]])

function causesOf({ read }: Truth, record: number): string[] {
  const text = read.causes[record] ?? ''
  const known = split.get(text) ?? text.split('+')
  split.set(text, known)
  return known
}
