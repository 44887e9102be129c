import { readFileSync } from 'node:fs'
import { must } from '../../kernel/must.ts'
import { foldPlace } from './fold-kanji.ts'
import { nameTrie, type Trie } from './name-trie.ts'
import { remembered } from './remembered.ts'

interface Municipality {
  code: string
  prefecture: string
  /** Folded, with its district. */
  name: string
}

interface Town {
  /** Folded. */
  name: string
  /** Municipality and town; towns that became of one have its key. */
  key: string
}

export interface Place {
  /** Folded, with its district; as far as it is known. */
  municipality: string
  cityCode?: string | undefined
  /** Folded; absent where the dictionary has no such town. */
  town?: string | undefined
  /** Municipality and town in one. */
  whole?: string | undefined
  townKey?: string | undefined
  /** Where the text goes on. */
  end: number
}

const MUNICIPALITIES = nameTrie<Municipality[]>()
const NAMES = new Map<string, Municipality>()
const TOWNS = new Map<string, Trie<Town>>()
/** The municipalities in which a postal code is used. */
const BY_POSTAL_CODE = new Map<string, Set<string>>()

/** The municipalities that have the name which was written. */
interface Written {
  value: Municipality[]
  end: number
}

const DIGIT = /[0-9]/
const LARGE_TOWN = /^(?:大字|小字)/u

load()

/**
 * Municipality and town that a text starts with, its prefecture left out. A ward may be missing, and so may the
 * municipality, where the postal code has it. Undefined when not even the municipality is known.
 */
export function findPlace(
  text: string,
  prefecture: string | undefined,
  postalCode: string | undefined,
): Place | undefined {
  const digit = text.search(DIGIT)
  const { written, sole } = startOf(digit < 0 ? text : text.slice(0, digit))
  return sole !== undefined && isIn(sole.municipality, prefecture)
    ? sole.place
    : findAmong(text, written, prefecture, postalCode)
}

/** What is written before the first number: no name has a digit in it. `sole` where nothing else has the name. */
const startOf = remembered(
  (start): { written: Written | undefined; sole?: { municipality: Municipality; place: Place } } => {
    const written = MUNICIPALITIES.longest(start, 0)
    const [municipality, another] = written?.value ?? []
    if (written === undefined || municipality === undefined || another !== undefined) return { written }
    const { code, name } = municipality
    const town = TOWNS.get(code)?.longest(start, afterLarge(start, written.end))
    const place =
      town === undefined
        ? { municipality: name, cityCode: code, end: written.end }
        : placeOf(municipality, town)
    return { written, sole: { municipality, place } }
  },
)

/** Where several municipalities have the name, or none was written. */
function findAmong(
  text: string,
  written: Written | undefined,
  prefecture: string | undefined,
  postalCode: string | undefined,
): Place | undefined {
  const inPostalCode = postalCode === undefined ? undefined : BY_POSTAL_CODE.get(postalCode)
  const end = written?.end ?? 0
  const all = written?.value ?? [...(inPostalCode ?? [])].flatMap((code) => NAMES.get(code) ?? [])
  const candidates = all.filter((municipality) => isIn(municipality, prefecture))
  const towns = candidates.flatMap((municipality) => {
    const found = TOWNS.get(municipality.code)?.longest(text, afterLarge(text, end))
    return found === undefined ? [] : [{ municipality, ...found }]
  })
  const longest = Math.max(...towns.map((town) => town.end))
  const best = towns.filter((town) => town.end === longest)
  const [town, ...others] =
    best.length > 1 ? best.filter((each) => inPostalCode?.has(each.municipality.code)) : best
  if (town !== undefined && others.length === 0) {
    return placeOf(town.municipality, town)
  }
  if (written === undefined) return undefined
  const [only, ...rest] =
    candidates.length > 1 ? candidates.filter(({ code }) => inPostalCode?.has(code)) : candidates
  if (only !== undefined && rest.length === 0) {
    return { municipality: only.name, cityCode: only.code, end }
  }
  return { municipality: foldPlace(text.slice(0, end)) ?? '', end }
}

/** Whether a postal code is one of another municipality: then it is old, or somebody else's. */
export function isPostalCodeElsewhere(postalCode: string, cityCode: string | undefined): boolean {
  const used = BY_POSTAL_CODE.get(postalCode)
  return cityCode !== undefined && used !== undefined && !used.has(cityCode)
}

function isIn({ prefecture }: Municipality, wanted: string | undefined): boolean {
  return wanted === undefined || prefecture === wanted
}

function placeOf({ code, name }: Municipality, { value, end }: { value: Town; end: number }): Place {
  const whole = name + value.name
  return { municipality: name, cityCode: code, town: value.name, whole, townKey: value.key, end }
}

function afterLarge(text: string, at: number): number {
  const rest = text.slice(at, at + 3)
  const space = rest.length - rest.trimStart().length
  return LARGE_TOWN.test(rest.slice(space, space + 2)) ? at + space + 2 : at
}

function load(): void {
  for (const [code = '', prefecture = '', name = ''] of linesOf('municipalities.tsv')) {
    must(!DIGIT.test(name), 'no municipality has a digit in its name')
    const municipality = { code, prefecture, name: foldPlace(name) ?? name }
    NAMES.set(code, municipality)
    const [, city, ward] = /^(.+市)(.+区)$/u.exec(name) ?? []
    for (const each of new Set([name, name.replace(/^.+郡/u, ''), city ?? name, ward ?? name])) {
      MUNICIPALITIES.add(each, (others = []) => [...others, municipality])
    }
  }
  const older = new Map<string, string>()
  for (const [code = '', before = '', after] of linesOf('town-aliases.tsv')) {
    if (after !== undefined) older.set(`${code}:${foldPlace(after)}`, `${code}:${foldPlace(before)}`)
    const municipality = NAMES.get(code)
    if (after !== undefined || municipality === undefined) continue
    for (const each of [before, before.replace(/^.+郡/u, '')]) {
      MUNICIPALITIES.add(each, (others = []) => [...others, municipality])
    }
  }
  for (const [code = '', town = '', postalCode = ''] of linesOf('towns.tsv')) {
    addTown(code, town, older)
    BY_POSTAL_CODE.set(postalCode, (BY_POSTAL_CODE.get(postalCode) ?? new Set()).add(code))
  }
  for (const key of new Set(older.values())) {
    const [code = '', town = ''] = key.split(':')
    addTown(code, town, older)
  }
}

function addTown(code: string, town: string, older: ReadonlyMap<string, string>): void {
  must(!DIGIT.test(town), 'no town has a digit in its name')
  const trie = TOWNS.get(code) ?? nameTrie<Town>()
  TOWNS.set(code, trie)
  const name = foldPlace(town) ?? town
  const key = `${code}:${name}`
  trie.add(town, () => ({ name, key: older.get(key) ?? key }))
}

function linesOf(file: string): string[][] {
  const text = readFileSync(new URL(`./${file}`, import.meta.url), 'utf8')
  return text.split('\n').flatMap((line) => (line === '' || line.startsWith('#') ? [] : [line.split('\t')]))
}
