import { ITEM_CODES, type Item, isShortOf, type PublicSourceState } from '../vocabulary/index.ts'
import type { AlignedAnswers, AlignedEntry, AlignedItem, AlignedSource, RegionName } from './aligned.ts'
import { foldEntries } from './fold-entries.ts'
import { judgeItem } from './judge-item.ts'
import { type ReadSource, readSource } from './read-source.ts'
import { startOf } from './stated-time.ts'

/** A source that may be named; the others do not exist for whoever asks. */
type NamedSource = AlignedSource & { state: PublicSourceState }

/**
 * Sorts what the sources answered into items and time order, folds what several hold, and says of each item asked
 * what may be said. Denied and unlinked sources leave no trace in it. Pure; never throws for what a source sent.
 */
export function alignAnswers(sources: readonly AlignedSource[], asked: readonly Item[]): AlignedAnswers {
  const read = sources.filter(isNamed).map((source) => ({ source, ...readSource(source) }))
  const entries = newestFirst(foldEntries(read.flatMap((each) => each.entries)))
  return {
    items: ITEM_CODES.filter((item) => asked.includes(item)).map((item) => alignItem(item, read, entries)),
    timeline: entries,
    undisplayed: read
      .filter(({ undisplayed }) => undisplayed.length > 0)
      .map(({ source, undisplayed }) => ({ region: source.region, count: undisplayed.length })),
  }
}

function isNamed(source: AlignedSource): source is NamedSource {
  return source.state !== 'denied' && source.state !== 'not-linked'
}

type Read = ReadSource & { source: NamedSource }

function alignItem(item: Item, read: readonly Read[], timeline: readonly AlignedEntry[]): AlignedItem {
  const givers = read.filter(({ source }) => source.items === undefined || source.items.includes(item))
  const shortOf = givers.filter(({ source }) => isShortOf(source.state)).map(({ source }) => source.region)
  const undisplayed = read.flatMap((each) => each.undisplayed).filter((each) => each === item).length
  const entries = timeline.filter((entry) => entry.item === item)
  const absence = timeline.find((entry) => isKnownAbsent(entry, item))
  const onRecord = entries.filter(({ standing, absent }) => standing !== 'withdrawn' && absent === undefined)
  return {
    item,
    status: judgeItem({
      isRecorded: onRecord.length > 0,
      isKnownAbsent: absence !== undefined,
      isShort: shortOf.length > 0 || undisplayed > 0,
      isPermitted: givers.some(({ source }) => source.items !== undefined),
    }),
    incomplete: shortOf.length > 0 || undisplayed > 0,
    shortOf: unique(shortOf),
    entries,
    absence,
    freshest: onRecord.find(({ date }) => date !== undefined)?.date,
    undisplayed,
  }
}

/** One record may say "none" for more items than its own: no known allergy is about drugs too. */
function isKnownAbsent({ absent, standing }: AlignedEntry, item: Item): boolean {
  return standing === 'stated' && absent !== undefined && absent.includes(item)
}

function newestFirst(entries: readonly AlignedEntry[]): AlignedEntry[] {
  return entries
    .map((entry) => ({ entry, time: timeOf(entry) }))
    .sort((one, other) => other.time - one.time)
    .map(({ entry }) => entry)
}

/** Without a date: before everything, hence last. */
function timeOf({ date }: AlignedEntry): number {
  return (date === undefined ? undefined : startOf(date)) ?? Number.MIN_SAFE_INTEGER
}

function unique(regions: readonly RegionName[]): RegionName[] {
  return [...new Map(regions.map((region) => [region.id, region])).values()]
}
