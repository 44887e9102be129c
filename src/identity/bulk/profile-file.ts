import { HubError } from '../../kernel/hub-error.ts'
import type { Features, NameForms } from '../normalise/index.ts'
import { readPatient } from '../read-patient.ts'
import type { Sender } from './encode-records.ts'
import type { FieldMap } from './field-map.ts'
import { type Line, readLines } from './read-lines.ts'
import { type Encoding, readRows } from './read-rows.ts'

export interface Profile {
  records: number
  /** Lines that would be left out, by reason. */
  refused: Record<string, number>
  /** How many records have what linking reads. */
  fields: Record<keyof typeof FIELDS, number>
  /** How many hold enough for a rule to link them by itself, if another region holds as much of the same resident. */
  linkable: Record<keyof typeof LINKABLE, number>
}

const has = (forms: NameForms) => [forms.kanji, forms.kana, forms.latin].some((form) => form !== undefined)
const hasDate = ({ birthDate }: Features) => birthDate !== undefined && !birthDate.isPlaceholder
const isNamed = ({ family, given, placeholder }: Features) =>
  has(family) && has(given) && placeholder === undefined
const byNumber = (each: Features) =>
  hasDate(each) && has(each.given) && each.insured?.isSound === true && each.insured.branch !== undefined
const isInKanji = ({ family, given }: Features) => family.kanji !== undefined && given.kanji !== undefined
const isInKana = ({ family, given }: Features) => family.kana !== undefined && given.kana !== undefined
const byPlace = (each: Features) =>
  hasDate(each) &&
  isNamed(each) &&
  (each.sex !== undefined || (isInKanji(each) && isInKana(each))) &&
  (each.address !== undefined || each.mobiles.length > 0)

const FIELDS = {
  kanji: isInKanji,
  kana: isInKana,
  placeholderName: ({ placeholder }: Features) => placeholder !== undefined,
  birthDate: hasDate,
  sex: ({ sex }: Features) => sex !== undefined,
  insuredNumber: ({ insured }: Features) => insured?.isSound === true,
  branch: ({ insured }: Features) => insured?.branch !== undefined,
  addressToLot: ({ address }: Features) => address !== undefined,
  mobile: ({ mobiles }: Features) => mobiles.length > 0,
}

/** By the insured number (A1), by full name with address or mobile (A3), and by either. */
const LINKABLE = {
  number: byNumber,
  place: byPlace,
  either: (each: Features) => byNumber(each) || byPlace(each),
}

/** What a region's file holds of what linking reads, before it goes live. Nothing is kept. */
export async function profileFile(
  order: {
    file: string
    sender: Sender
    map?: FieldMap | undefined
    encoding?: Encoding | undefined
    onProgress?: (records: number) => void
  },
  at: Date,
): Promise<Profile> {
  const { file, sender, map, encoding = 'utf-8', onProgress } = order
  const lines = map === undefined ? readLines(file) : readRows(file, map, sender.patientSystem, encoding)
  const profile: Profile = { records: 0, refused: {}, fields: none(FIELDS), linkable: none(LINKABLE) }
  for await (const line of lines) {
    profile.records += 1
    count(profile, line, sender, at)
    if (profile.records % 10_000 === 0) onProgress?.(profile.records)
  }
  return profile
}

function count({ fields, linkable, refused }: Profile, { text }: Line, sender: Sender, at: Date): void {
  const read = featuresOf(text, sender, at)
  if (typeof read === 'string') {
    refused[read] = (refused[read] ?? 0) + 1
    return
  }
  for (const [name, holds] of entriesOf(FIELDS)) if (holds(read)) fields[name] += 1
  for (const [name, holds] of entriesOf(LINKABLE)) if (holds(read)) linkable[name] += 1
}

/** The features, or the code of the refusal. */
function featuresOf(text: string | undefined, sender: Sender, at: Date): Features | string {
  if (text === undefined) return 'body-malformed'
  try {
    return readPatient(text, at, sender.patientSystem).features
  } catch (error) {
    if (error instanceof HubError) return error.code
    throw error
  }
}

function none<Name extends string>(tests: Record<Name, unknown>): Record<Name, number> {
  return Object.fromEntries(Object.keys(tests).map((name) => [name, 0])) as Record<Name, number>
}

function entriesOf<Name extends string, Value>(tests: Record<Name, Value>): [Name, Value][] {
  return Object.entries(tests) as [Name, Value][]
}
