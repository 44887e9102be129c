import type { Item, SourceState } from '../vocabulary/index.ts'
import type { Description } from './description.ts'
import type { Fit } from './fit.ts'
import type { NationalFlag, Origin } from './read-origin.ts'

export interface RegionName {
  id: string
  name: string
}

/** What one source answered; `items` are those it was permitted to give, undefined where the asker cannot know. */
export interface AlignedSource {
  region: RegionName
  state: SourceState
  items?: readonly Item[] | undefined
  /**
   * The exact text of each resource, as it arrived; where somebody parsed it already, what that gave; where it was
   * judged, how far it fits.
   */
  resources: readonly { text: string; resource?: object; fit?: Fit | undefined }[]
}

/** One resource of one region. */
export interface Holding {
  region: RegionName
  origin: Origin
  /** `Observation/abc` at that region. */
  reference: string
  /** How far that region's record fits the national set, where it was judged. */
  fit?: Fit
}

/** What is shown as one: usually one resource, or the same thing as several regions hold it. */
export interface AlignedEntry extends Description {
  item: Item
  flags: Exclude<NationalFlag, 'UNDELIVERED'>[]
  /** At least one; more than one where regions hold the same and it is folded. */
  holdings: [Holding, ...Holding[]]
}

/**
 * What may be said of an item. `none-known`: somebody recorded that there is none. `not-recorded`: every source
 * that may give the item answered wholly, and holds none. `not-obtainable`: a source that may give it fell short.
 * `not-provided`: nobody was permitted to give it, or the asker cannot know who was.
 */
export type ItemStatus = 'recorded' | 'none-known' | 'not-recorded' | 'not-obtainable' | 'not-provided'

export interface AlignedItem {
  item: Item
  status: ItemStatus
  /** A source that may hold more fell short, or something could not be shown: what is here is not all. */
  incomplete: boolean
  /** Regions that fell short for this item. */
  shortOf: RegionName[]
  /** Newest first; those without a date last. */
  entries: AlignedEntry[]
  /** The newest record that says there is none; it may be of another item that it covers too. */
  absence: AlignedEntry | undefined
  /** The newest date among what is on record. */
  freshest: string | undefined
  /** Resources of this item that cannot be shown. */
  undisplayed: number
}

export interface AlignedAnswers {
  /** One for each item asked, in the vocabulary's order. */
  items: AlignedItem[]
  /** All entries, newest first. */
  timeline: AlignedEntry[]
  /** Where anything could not be shown, and how many: never dropped in silence. */
  undisplayed: { region: RegionName; count: number }[]
}
