import type { AlignedEntry } from './aligned.ts'
import { startOf } from './stated-time.ts'

/** An entry of one region, with the codes by which another region's can be known as the same. */
export interface Unfolded {
  entry: AlignedEntry
  codes: readonly string[]
}

/**
 * What two regions both hold becomes one entry with both holdings: same item, code, date, value and standing.
 * Two of one region never fold, nor anything without a date. The entry first given lends its words.
 */
export function foldEntries(unfolded: readonly Unfolded[]): AlignedEntry[] {
  const folded: Unfolded[] = []
  const byLikeness = new Map<string, Unfolded[]>()
  for (const each of unfolded) {
    const likeness = likenessOf(each.entry)
    const alike = likeness === undefined ? [] : (byLikeness.get(likeness) ?? [])
    const same = alike.find((other) => isSame(other, each))
    if (same !== undefined) {
      same.entry.holdings.push(...each.entry.holdings)
      continue
    }
    const kept: Unfolded = { ...each, entry: { ...each.entry, holdings: [...each.entry.holdings] } }
    folded.push(kept)
    if (likeness !== undefined) byLikeness.set(likeness, [...alike, kept])
  }
  return folded.map(({ entry }) => entry)
}

/** Everything but the code, as one string; undefined where the date is unknown. */
function likenessOf({
  item,
  date,
  value,
  details,
  standing,
  flags,
  notes,
}: AlignedEntry): string | undefined {
  const at = date === undefined ? undefined : startOf(date)
  return at === undefined ? undefined : JSON.stringify([item, at, value, details, standing, flags, notes])
}

/** By a shared code; where neither has one, by the words. */
function isSame(one: Unfolded, other: Unfolded): boolean {
  const regions = one.entry.holdings.map(({ region }) => region.id)
  if (other.entry.holdings.some(({ region }) => regions.includes(region.id))) return false
  if (one.codes.length > 0 || other.codes.length > 0)
    return one.codes.some((code) => other.codes.includes(code))
  const title = one.entry.title?.normalize('NFKC')
  return title !== undefined && title === other.entry.title?.normalize('NFKC')
}
