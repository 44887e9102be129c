import type { Features, NameForms } from './encode-registration.ts'

export type LinkRule = 'A1' | 'A3'
export type LinkVeto = 'V1' | 'V2' | 'V3' | 'V4' | 'V6' | 'V7'

export interface FieldReason {
  field: 'family' | 'given' | 'birthDate' | 'sex' | 'insured' | 'address' | 'mobile'
  level: 'equal' | 'household' | 'differs' | 'unknown'
}

export interface PairDecision {
  /** `auto` releases the link, `review` waits for a person, `none` says nothing either way. */
  decision: 'auto' | 'review' | 'none'
  rule?: LinkRule
  vetoes: LinkVeto[]
  fields: FieldReason[]
}

/**
 * What two registrations say of each other: release rules A1 and A3 with the vetoes that outrank them. Symmetric:
 * decideLink(a, b) and decideLink(b, a) are the same.
 */
export function decideLink(a: Features, b: Features): PairDecision {
  const fields = compare(a, b)
  const vetoes = vetoesOf(a, b)
  const rule = ruleOf(a, b)
  if (rule === undefined) return { decision: 'none', vetoes, fields }
  return { decision: vetoes.length === 0 ? 'auto' : 'review', rule, vetoes, fields }
}

/** First rule that holds. */
function ruleOf(a: Features, b: Features): LinkRule | undefined {
  if (a.birthDate === undefined || a.birthDate !== b.birthDate) return undefined
  if (sameBranch(a, b) && (sameForm(a.given, b.given, 'kanji') || sameForm(a.given, b.given, 'kana')))
    return 'A1'
  const isPlaced =
    (a.lot !== undefined && a.lot === b.lot) || (a.mobile !== undefined && a.mobile === b.mobile)
  const isNamed = nameLevel(a.family, b.family) === 'equal' && nameLevel(a.given, b.given) === 'equal'
  if (isPlaced && isNamed && a.sex !== undefined && a.sex === b.sex) return 'A3'
  return undefined
}

/** Everything that forbids an automatic link between the two, and between any two members of one cluster. */
export function vetoesOf(a: Features, b: Features): LinkVeto[] {
  const vetoes: LinkVeto[] = []
  if (nameLevel(a.given, b.given) === 'differs') vetoes.push('V1')
  if (sameHousehold(a, b) && a.insured?.branch && b.insured?.branch && a.insured.branch !== b.insured.branch)
    vetoes.push('V2')
  if (a.birthDate !== undefined && b.birthDate !== undefined && a.birthDate !== b.birthDate) vetoes.push('V3')
  if (a.sex !== undefined && b.sex !== undefined && a.sex !== b.sex) vetoes.push('V4')
  if (isTwinTrap(a, b)) vetoes.push('V6')
  if (a.isPlaceholder || b.isPlaceholder) vetoes.push('V7')
  return vetoes
}

/** V6: same surname, birth date and household, and given names not fully equal: twins until somebody looked. */
function isTwinTrap(a: Features, b: Features): boolean {
  const shares = sameHousehold(a, b) || (a.lot !== undefined && a.lot === b.lot)
  const isSurname = sameForm(a.family, b.family, 'kanji') || sameForm(a.family, b.family, 'kana')
  if (!shares || !isSurname || a.birthDate === undefined || a.birthDate !== b.birthDate) return false
  return differs(a.given, b.given, 'kanji') || differs(a.given, b.given, 'kana')
}

/** Equal in kanji class or, where a side has none, in kana; differing only when every form both have differs. */
function nameLevel(a: NameForms, b: NameForms): 'equal' | 'differs' | 'unknown' {
  if (sameForm(a, b, 'kanji')) return 'equal'
  if (differs(a, b, 'kanji')) return sameForm(a, b, 'kana') ? 'unknown' : 'differs'
  if (sameForm(a, b, 'kana')) return 'equal'
  return differs(a, b, 'kana') ? 'differs' : 'unknown'
}

function sameForm(a: NameForms, b: NameForms, form: keyof NameForms): boolean {
  return a[form] !== undefined && a[form] === b[form]
}

function differs(a: NameForms, b: NameForms, form: keyof NameForms): boolean {
  return a[form] !== undefined && b[form] !== undefined && a[form] !== b[form]
}

function sameHousehold({ insured: a }: Features, { insured: b }: Features): boolean {
  return (
    a !== undefined &&
    b !== undefined &&
    a.insurer === b.insurer &&
    a.symbol === b.symbol &&
    a.number === b.number
  )
}

function sameBranch(a: Features, b: Features): boolean {
  return sameHousehold(a, b) && a.insured?.branch !== undefined && a.insured.branch === b.insured?.branch
}

function compare(a: Features, b: Features): FieldReason[] {
  const value = (left: string | undefined, right: string | undefined) =>
    left === undefined || right === undefined ? 'unknown' : left === right ? 'equal' : 'differs'
  const insured = sameBranch(a, b)
    ? 'equal'
    : sameHousehold(a, b)
      ? 'household'
      : a.insured && b.insured
        ? 'differs'
        : 'unknown'
  return [
    { field: 'family', level: nameLevel(a.family, b.family) },
    { field: 'given', level: nameLevel(a.given, b.given) },
    { field: 'birthDate', level: value(a.birthDate, b.birthDate) },
    { field: 'sex', level: value(a.sex, b.sex) },
    { field: 'insured', level: insured },
    { field: 'address', level: value(a.lot, b.lot) },
    { field: 'mobile', level: value(a.mobile, b.mobile) },
  ]
}
