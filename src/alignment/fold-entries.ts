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
    const same = names
      .map((name) => firstOfOther(byName.get(name), each))
      .find((other) => other !== undefined)
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

/** The first alike that no region of the entry holds yet. */
function firstOfOther(alike: readonly Unfolded[] | undefined, { entry }: Unfolded): Unfolded | undefined {
  if (alike === undefined) return undefined
  for (let index = 0; index < Math.min(alike.length, COMPARED_MAX); index++) {
    const other = alike[index]
    if (other !== undefined && !shareRegion(other.entry, entry)) return other
  }
  return undefined
}

function shareRegion(one: AlignedEntry, other: AlignedEntry): boolean {
  return one.holdings.some(({ region }) => other.holdings.some((each) => each.region.id === region.id))
}

/** By each of its codes; where it has none, by its words. Nothing at all where its date is unknown. */
function namesOf({ entry, codes }: Unfolded): string[] {
  const likeness = likenessOf(entry)
  if (likeness === undefined) return []
  if (codes.length > 0) return codes.map((code) => `${likeness} ${code}`)
  const title = entry.title?.normalize('NFKC')
  return title === undefined ? [] : [`${likeness} "${title}`]
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
