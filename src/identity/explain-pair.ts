import type { Queryable } from '../kernel/database.ts'
import { present } from '../kernel/must.ts'
import { refuse } from '../vocabulary/index.ts'
import { RULE_WORDS, VETO_WORDS } from './explain-words.ts'
import { findNeighbourhood, memberOf } from './find-neighbourhood.ts'
import { findHoldings } from './link-store.ts'
import { meetingPasses, PAIR_DOUBTS, type PairDecision, type PairDoubt } from './linkage/index.ts'
import { NORM, textColumnsOf } from './normalise/index.ts'
import { type PatientId, patientIdOf, refOf } from './patient-id.ts'
import { patientSchema } from './patient-schema.ts'
import { openReader } from './read-index.ts'
import { findRegistrations } from './store.ts'

/** What the index makes of two registrations, by the registrations as they are now. */
export interface PairExplanation {
  model: string
  norm: number
  /** Whether the two belong to one person. */
  isLinked: boolean
  pair: PairDecision
  /** Of general data: the columns of their field maps that the fields text1… were compared in. */
  columns: Readonly<Record<string, string>>
  /** What brings the two together to be compared; where nothing does, they never are. */
  passes: string[]
  /** Every veto between two, and whether it forbids to link them. */
  vetoes: { veto: PairDoubt; forbids: boolean }[]
  /** The most alike beside these two, among all who share a key with one of them. */
  runnerUp: RunnerUp | undefined
  /** How many were compared, these two among them. */
  compared: number
  /** In one Japanese sentence. */
  sentence: string
}

export interface RunnerUp {
  registration: PatientId
  /** The end that it is like. */
  of: 'a' | 'b'
  decision: PairDecision['decision']
  rule?: PairDecision['rule']
  bits: number
  /** Whether it belongs to a person of the two: then it makes nobody doubtful. */
  isOfThem: boolean
}

/** Why two registrations are one person, or are not. Throws `patient-unknown` for one that is not active. */
export async function explainPair(db: Queryable, a: PatientId, b: PatientId): Promise<PairExplanation> {
  const [left, right] = [refOf(a), refOf(b)]
  return (await explanationsAmong(db, [left, right]))(left, right)
}

/** `mayRunUp` says of whom else anything may be told; of everybody unless given. */
export type Explain = (a: string, b: string, mayRunUp?: (ref: string) => boolean) => PairExplanation

/** Explains pairs of these, all as they are at one moment. Throws `patient-unknown` for one that is not active. */
export async function explanationsAmong(db: Queryable, refs: readonly string[]): Promise<Explain> {
  const rows = (await findRegistrations(db, refs)).filter(({ isActive }) => isActive)
  if (rows.length < new Set(refs).size) throw refuse('patient-unknown')
  const start = rows.map(memberOf)
  const { linkage, compared } = await findNeighbourhood(openReader(db), start, { isNew: false })
  const holdings = await findHoldings(db, refs)
  const personOf = (ref: string) => holdings.find((held) => held.ref === ref)?.person
  const featuresOf = (ref: string) =>
    present(
      start.find((each) => each.ref === ref),
      'all were read',
    ).features
  const columnsOf = (ref: string) => {
    const row = rows.find((each) => refOf(each) === ref)
    return row?.features.texts === undefined ? {} : textColumnsOf(patientSchema.parse(JSON.parse(row.source)))
  }
  return (left, right, mayRunUp = () => true) => {
    const pair = linkage.pair(left, right)
    const persons = [personOf(left), personOf(right)].filter((person) => person !== undefined)
    const isLinked = persons.length === 2 && persons[0] === persons[1]
    const others = compared.map(({ ref }) => ref).filter((ref) => ref !== left && ref !== right)
    const like = others.filter(mayRunUp).flatMap((ref) =>
      (['a', 'b'] as const).map((of) => {
        const { decision, rule, bits } = linkage.pair(of === 'a' ? left : right, ref)
        const isOfThem = persons.some((person) => person === personOf(ref))
        return { registration: patientIdOf(ref), of, decision, rule, bits: bits.total, isOfThem }
      }),
    )
    return {
      ...{ model: pair.model, norm: NORM, isLinked, pair, sentence: sentenceOf(pair, isLinked) },
      columns: { ...columnsOf(left), ...columnsOf(right) },
      passes: meetingPasses(featuresOf(left), featuresOf(right)),
      vetoes: PAIR_DOUBTS.flatMap((veto) =>
        SCORES.has(veto) ? [] : [{ veto, forbids: pair.vetoes.includes(veto) }],
      ),
      runnerUp: like.toSorted((x, y) => y.bits - x.bits)[0],
      compared: others.length + 2,
    }
  }
}

/** No vetoes: the score is too low, or no rule holds. */
const SCORES = new Set<PairDoubt>(['floor', 'no-rule'])

function sentenceOf({ rule, vetoes, decision }: PairDecision, isLinked: boolean): string {
  const why = vetoes.map((veto) => VETO_WORDS[veto]).join('、')
  const held = isLinked ? '同一人物としています' : '同一人物としていません'
  if (decision === 'auto' && rule !== undefined) {
    return isLinked
      ? `${RULE_WORDS[rule]}により、${held}。`
      : `${RULE_WORDS[rule]}により同一人物と思われますが、他の登録と合わせると決められないため、${held}。`
  }
  if (decision === 'review') {
    const start = rule === undefined ? '' : `${RULE_WORDS[rule]}。ただし`
    return `${start}${why}ため、担当者の確認を待ちます（いまは${held}）。`
  }
  if (isLinked) return `二人だけでは決め手がありませんが、他の登録を通じて${held}。`
  return why === '' ? `決め手となる一致がないため、${held}。` : `${why}ため、${held}。`
}
