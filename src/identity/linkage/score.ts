import type { Rarities } from './frequencies.ts'
import { type Comparison, FIELDS, type Field, INSURED } from './levels.ts'
import type { Model, Weight } from './model.ts'

/** What the fields of a pair say for one person: log2 of m over u. */
export interface Score {
  /** In the order of `FIELDS`. */
  bits: Float64Array
  /** Given name, birth date, sex, what is one person's own. */
  person: number
  /** Of `person` what does not change with the years: given name, birth date, sex. */
  identity: number
  /** Surname, address, shared number and landline are one fact, the household, so their sum has a cap. */
  household: number
  total: number
  posterior: number
}

export function emptyScore(): Score {
  return {
    bits: new Float64Array(FIELDS.length),
    person: 0,
    identity: 0,
    household: 0,
    total: 0,
    posterior: 0,
  }
}

const [SURNAME_AT, GIVEN_AT, BIRTH_DATE_AT, SEX_AT, ADDRESS_AT, INSURED_AT, LANDLINE_AT] = places(
  'surname',
  'given',
  'birthDate',
  'sex',
  'address',
  'insured',
  'landline',
)

/** Deterministic: the same levels and words give the same bits, in bulk and for two alone. */
export function scoreOf(levels: Comparison, rarities: Rarities, model: Model, into: Score): void {
  const { bits } = into
  let sum = 0
  for (const at of model.active) {
    const field = FIELDS[at] as Field
    const weight = model.weights[at]?.[levels[field]] as Weight
    const word = at === SURNAME_AT ? levels.surnameWord : at === GIVEN_AT ? levels.givenWord : 0
    const value = word === 0 ? weight.bits : bitsOfWord(weight, word, rarities)
    bits[at] = value
    sum += value
  }
  const isShared = levels.insured === INSURED.household || levels.insured === INSURED.loose
  const household =
    (bits[SURNAME_AT] as number) +
    (bits[ADDRESS_AT] as number) +
    (bits[LANDLINE_AT] as number) +
    (isShared ? (bits[INSURED_AT] as number) : 0)
  into.person = sum - household
  into.identity = (bits[GIVEN_AT] as number) + (bits[BIRTH_DATE_AT] as number) + (bits[SEX_AT] as number)
  into.household = Math.min(model.file.thresholds.householdCap, household)
  into.total = into.person + into.household
  into.posterior = 1 / (1 + 2 ** -(model.prior + into.total))
}

function bitsOfWord({ bits, floor, cap, frequency }: Weight, word: number, rarities: Rarities): number {
  if (frequency === undefined) return bits
  return Math.min(cap, Math.max(floor, bits + (rarities[frequency][word] as number)))
}

function places<const Names extends readonly Field[]>(...names: Names): { [At in keyof Names]: number } {
  return names.map((name) => FIELDS.indexOf(name)) as { [At in keyof Names]: number }
}
