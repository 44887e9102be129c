import type { ItemStatus } from './aligned.ts'

/** What decides an item's status. */
export interface ItemFacts {
  /** Something stands on record. */
  isRecorded: boolean
  /** Somebody recorded that there is none. */
  isKnownAbsent: boolean
  /** A source that may give the item did not answer wholly, or gave what cannot be shown. */
  isShort: boolean
  /** A source is known to have been permitted to give it. */
  isPermitted: boolean
}

/** First that holds wins. What was obtained stands; after that nothing may read as "none" while a source is short. */
export function judgeItem({ isRecorded, isKnownAbsent, isShort, isPermitted }: ItemFacts): ItemStatus {
  if (isRecorded) return 'recorded'
  if (isShort) return 'not-obtainable'
  if (isKnownAbsent) return 'none-known'
  if (isPermitted) return 'not-recorded'
  return 'not-provided'
}
