import type { Item } from '../vocabulary/index.ts'

/** Whether what is said still stands: only what is stated, suspected or ended counts as being on record. */
export type Standing = 'stated' | 'suspected' | 'ended' | 'withdrawn'

/** What a person is shown of one resource. All of it is the source's own text, unescaped and unbounded. */
export interface Description {
  /** What it is about: a drug, a disease, a test, a kind of document. */
  title: string | undefined
  /** A result with its unit, digits as written. */
  value?: string | undefined
  /** Reaction, dosage, reference range: what qualifies it, in the order it is read. */
  details?: string[]
  /** As stated, FHIR date or instant. */
  date: string | undefined
  standing: Standing
  /** A word for the standing or the like which must not be overlooked, fixed and in Japanese. */
  notes: string[]
  /** Outside its reference range or positive, as the source itself says. */
  isAbnormal?: boolean
  /** An allergy whose next reaction may endanger life, as the source says. */
  isCritical?: boolean
  /** Items for which it says that there is none; empty where it says so of a part only. */
  absent?: readonly Item[] | undefined
  /** The plain text of a document, where it came with it. */
  body?: string | undefined
}
