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
  const byName = new Map<string, Unfolded[]>()
  for (const each of unfolded) {
    const names = namesOf(each)
    const same = sameOfOther(names, byName, each)
    if (same !== undefined) {
      same.entry.holdings.push(...each.entry.holdings)
      continue
    }
    const kept: Unfolded = { ...each, entry: { ...each.entry, holdings: [...each.entry.holdings] } }
    folded.push(kept)
    for (const name of names) {
      const alike = byName.get(name)
      if (alike === undefined) byName.set(name, [kept])
      else alike.push(kept)
    }
  }
  return folded.map(({ entry }) => entry)
}

/** A region that gives the same thing again and again is not worth comparing for ever: what is left stands by itself. */
const COMPARED_MAX = 64

/** The first of the same name that says the same and that no region of the entry holds yet. */
function sameOfOther(
  names: readonly string[],
  byName: ReadonlyMap<string, readonly Unfolded[]>,
  { entry }: Unfolded,
): Unfolded | undefined {
  for (const name of names) {
    const alike = byName.get(name) ?? []
    for (let index = 0; index < Math.min(alike.length, COMPARED_MAX); index++) {
      const other = alike[index]
      if (other !== undefined && !shareRegion(other.entry, entry) && saysTheSame(other.entry, entry))
        return other
    }
  }
  return undefined
}

function shareRegion(one: AlignedEntry, other: AlignedEntry): boolean {
  return one.holdings.some(({ region }) => other.holdings.some((each) => each.region.id === region.id))
}

/** What an entry is and when: by each of its codes; where it has none, by its words. None where its date is unknown. */
function namesOf({ entry: { item, date, title }, codes }: Unfolded): string[] {
  const at = date === undefined ? undefined : startOf(date)
  if (at === undefined) return []
  if (codes.length > 0) return codes.map((code) => `${item} ${at} ${code}`)
  return title === undefined ? [] : [`${item} ${at} "${title.normalize('NFKC')}`]
}

/** Everything else that is shown. */
function saysTheSame(one: AlignedEntry, other: AlignedEntry): boolean {
  return one.value === other.value && one.standing === other.standing && restOf(one) === restOf(other)
}

function restOf({ details, flags, notes }: AlignedEntry): string {
  return JSON.stringify([details, flags, notes])
}
