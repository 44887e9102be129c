import type { Queryable } from '../kernel/database.ts'
import { present } from '../kernel/must.ts'
import { refuse } from '../vocabulary/index.ts'
import { RULE_WORDS, VETO_WORDS } from './explain-words.ts'
import { findNeighbourhood, readMembers } from './find-neighbourhood.ts'
import { findHoldings } from './link-store.ts'
import { meetingPasses, PAIR_DOUBTS, type PairDecision, type PairDoubt } from './linkage/index.ts'
import { NORM } from './normalise/index.ts'
import { type PatientId, refOf } from './patient-id.ts'

/** What the index makes of two registrations, by the registrations as they are now. */
export interface PairExplanation {
  model: string
  norm: number
  /** Whether the two belong to one person. */
  isLinked: boolean
  pair: PairDecision
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
  const start = await readMembers(db, [left, right])
  if (start.length < 2) throw refuse('patient-unknown')
  const { linkage, compared } = await findNeighbourhood(db, start, { isNew: false })
  const pair = linkage.pair(left, right)
  const holdings = await findHoldings(db, [left, right])
  const personOf = (ref: string) => holdings.find((held) => held.ref === ref)?.person
  const isLinked = personOf(left) !== undefined && personOf(left) === personOf(right)
  const others = compared.map(({ ref }) => ref).filter((ref) => ref !== left && ref !== right)
  const like = others.flatMap((ref) =>
    (['a', 'b'] as const).map((of) => {
      const { decision, rule, bits } = linkage.pair(of === 'a' ? left : right, ref)
      return { of, decision, rule, bits: bits.total, isOfThem: personOf(ref) !== undefined }
    }),
  )
  const featuresOf = (ref: string) =>
    present(
      start.find((each) => each.ref === ref),
      'both were read',
    ).features
  return {
    ...{ model: pair.model, norm: NORM, isLinked, pair, sentence: sentenceOf(pair, isLinked) },
    passes: meetingPasses(featuresOf(left), featuresOf(right)),
    vetoes: PAIR_DOUBTS.flatMap((veto) =>
      SCORES.has(veto) ? [] : [{ veto, forbids: pair.vetoes.includes(veto) }],
    ),
    runnerUp: like.toSorted((x, y) => y.bits - x.bits)[0],
    compared: others.length + 2,
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
