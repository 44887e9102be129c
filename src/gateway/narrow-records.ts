import { type FhirObject, isFhirObject, isGranted } from '../alignment/index.ts'
import type { JsonValue } from '../kernel/strict-json.ts'
import type { Item } from '../vocabulary/index.ts'
import { isWithin, type Period } from './care-period.ts'
import { ANSWER_BYTES_MAX, ENTRIES_MAX } from './ehr-client.ts'
import type { EhrResource } from './ehr-searchset.ts'

/** What the verdict and the mandate leave. */
export interface Permitted {
  items: readonly Item[]
  period: Period | undefined
}

export interface NarrowedRecords {
  /** Exact texts of what may leave: masked first, hashed later. */
  texts: string[]
  /** Whether the bounds of an answer cut something off. */
  isCut: boolean
}

/** Room for the Bundle around the entries, in an answer which the hub takes whole or not at all. */
const ENVELOPE_BYTES = 64 * 1024
const ENTRY_BYTES = '{"resource":},'.length

/**
 * Step 6: only items that are permitted, and never what its author gives to nobody. What no rule recognises is
 * no item, so it stays.
 */
export function narrowRecords(
  records: readonly EhrResource[],
  { items, period }: Permitted,
): NarrowedRecords {
  const kept = records.filter(
    ({ value }) => isGranted(value, items) && !isUndelivered(value) && isWithin(value, period),
  )
  const texts: string[] = []
  let bytesLeft = ANSWER_BYTES_MAX - ENVELOPE_BYTES
  for (const { text } of kept) {
    bytesLeft -= Buffer.byteLength(text) + ENTRY_BYTES
    if (bytesLeft < 0 || texts.length === ENTRIES_MAX) return { texts, isCut: true }
    texts.push(text)
  }
  return { texts, isCut: false }
}

/**
 * JP-CLINS: 他の医療機関にも患者さんにも提供しない. The code is enough, and tags that cannot be read count as it:
 * a mistake in a tag must not let the resource pass. What it holds inside, wherever that stands, is held to it too.
 */
function isUndelivered(value: JsonValue): boolean {
  if (Array.isArray(value)) return value.some(isUndelivered)
  return isFhirObject(value) && (hasFlag(value) || Object.values(value).some(isUndelivered))
}

function hasFlag({ meta }: FhirObject): boolean {
  if (meta === undefined) return false
  if (!isFhirObject(meta)) return true
  const { tag: tags = [] } = meta
  if (!Array.isArray(tags)) return true
  return tags.some((tag) => !isFhirObject(tag) || tag.code === 'UNDELIVERED')
}
