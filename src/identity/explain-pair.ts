import type { Queryable } from '../kernel/database.ts'
import { refuse } from '../vocabulary/index.ts'
import { RULE_WORDS, VETO_WORDS } from './explain-words.ts'
import { findNeighbourhood, readMembers } from './find-neighbourhood.ts'
import { findHoldings } from './link-store.ts'
import type { PairDecision } from './linkage/index.ts'
import { NORM } from './normalise/index.ts'
import { type PatientId, refOf } from './patient-id.ts'

/** What the index makes of two registrations, by the registrations as they are now. */
export interface PairExplanation {
  model: string
  norm: number
  /** Whether the two belong to one person. */
  isLinked: boolean
  pair: PairDecision
  /** In one Japanese sentence. */
  sentence: string
}

/** Why two registrations are one person, or are not. Throws `patient-unknown` for one that is not active. */
export async function explainPair(db: Queryable, a: PatientId, b: PatientId): Promise<PairExplanation> {
  const [left, right] = [refOf(a), refOf(b)]
  const start = await readMembers(db, [left, right])
  if (start.length < 2) throw refuse('patient-unknown')
  const { linkage } = await findNeighbourhood(db, start, { isNew: false })
  const pair = linkage.pair(left, right)
  const isLinked = (await findHoldings(db, [left])).some(({ ref }) => ref === right)
  return { model: pair.model, norm: NORM, isLinked, pair, sentence: sentenceOf(pair, isLinked) }
}

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
