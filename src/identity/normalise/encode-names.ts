import type { Script, WrittenName } from './demographics.ts'
import type { Features, NameForms, OtherName } from './features.ts'
import { foldPart, foldReading } from './fold-part.ts'
import { type Marks, placeholderOf } from './placeholder.ts'
import { type ReadName, readName } from './read-name.ts'
import { romajiKana } from './romaji-kana.ts'

type Names = Pick<Features, 'family' | 'given' | 'otherNames' | 'whole' | 'placeholder'>

const PARTS = ['family', 'given', 'whole'] as const
const SCRIPTS: readonly Script[] = ['IDE', 'SYL', 'ABC']

/**
 * The current name in every script, and beside it all others that somebody had or is called by: a resident from
 * abroad may be registered in Latin letters, in kana, in kanji, and under a 通称. What is missing stays missing.
 */
export function encodeNames(written: readonly WrittenName[]): Names {
  const names = readAll(written)
  const current = SCRIPTS.flatMap((script) => officialIn(script, names))
  const { family, given, whole, marks } = join(current)
  const others = names.length === current.length ? [] : names.filter((name) => !current.includes(name))
  const otherNames = [
    ...(others.length === 0 ? [] : namesBeside(others, given)),
    ...formerFamilies(names, given),
    ...readingOfRomaji({ family, given }),
  ]
  return {
    family,
    given,
    whole,
    otherNames: otherNames.length === 0 ? undefined : distinct(otherNames, { family, given }),
    placeholder: placeholderOf(marks, given),
  }
}

/** The first that its source parted; else the first. */
function officialIn(script: Script, names: readonly ReadName[]): ReadName | [] {
  let first: ReadName | undefined
  for (const name of names) {
    if (name.kind !== 'official' || name.script !== script) continue
    if (name.whole === undefined) return name
    first ??= name
  }
  return first ?? []
}

/** Those that say something which neither the current name nor one before them says. */
function distinct(
  names: readonly OtherName[],
  current: Pick<Names, 'family' | 'given'>,
): OtherName[] | undefined {
  const found: OtherName[] = []
  for (const name of names) {
    if (![current, ...found].some((known) => says(known, name))) found.push(name)
  }
  return found.length === 0 ? undefined : found
}

function says(known: Pick<OtherName, 'family' | 'given'>, name: OtherName): boolean {
  const parts = [
    [known.family, name.family],
    [known.given, name.given],
  ] as const
  return parts.every(([all, some]) =>
    (Object.keys(some) as (keyof NameForms)[]).every((script) => all[script] === some[script]),
  )
}

/** Readings first: they help to part a name in kanji that was written without a space. */
function readAll(written: readonly WrittenName[]): ReadName[] {
  const first = written.map((each) => readName(each))
  if (first.every(isParted)) return first
  const reading = first.find((name) => name?.kind === 'official' && name.script === 'SYL')
  return first.flatMap((name, at) => {
    const each = written[at]
    if (name === undefined || each === undefined) return []
    const isGuess = name.whole !== undefined && name.script === 'IDE' && name.kind === 'official'
    return isGuess && reading !== undefined ? (readName(each, reading) ?? []) : [name]
  })
}

function isParted(name: ReadName | undefined): name is ReadName {
  return name !== undefined && name.whole === undefined
}

/** One name from what several scripts say of it. A part in kana is its own reading where no other is given. */
function join(scripts: readonly ReadName[]): {
  family: NameForms
  given: NameForms
  whole: NameForms | undefined
  marks: Record<(typeof PARTS)[number], Marks>
} {
  const name: Record<(typeof PARTS)[number], NameForms> = { family: {}, given: {}, whole: {} }
  const marks = { family: 0, given: 0, whole: 0 }
  for (const { script, family, given, whole } of scripts) {
    const add = (part: (typeof PARTS)[number], text: string | undefined): void => {
      const folded = foldPart(text, script, part)
      Object.assign(name[part], folded.forms)
      marks[part] |= folded.marks
    }
    add('family', family)
    add('given', given.length === 1 ? given[0] : given.join(script === 'ABC' ? ' ' : ''))
    add('whole', whole)
  }
  if (!scripts.some(({ script }) => script === 'SYL')) {
    for (const part of PARTS) {
      const read = foldReading(name[part])
      Object.assign(name[part], read.forms)
      marks[part] |= read.marks
    }
  }
  const isWhole = scripts.some(({ whole }) => whole !== undefined)
  return { family: name.family, given: name.given, whole: isWhole ? name.whole : undefined, marks }
}

function namesBeside(others: readonly ReadName[], given: NameForms): OtherName[] {
  const ofKind = (kind: ReadName['kind']) => others.filter((name) => name.kind === kind)
  return [
    ...inGroups(ofKind('former')).flatMap((scripts) => otherName(scripts, 'former', given)),
    ...inGroups(ofKind('alias')).flatMap((scripts) => otherName(scripts, 'alias', given)),
    // A second official name in one script belongs to no other.
    ...ofKind('official').flatMap((name) => otherName([name], 'alias', given)),
  ]
}

/** The first in kanji belongs to the first in kana, where there are as many of each. */
function inGroups(names: readonly ReadName[]): ReadName[][] {
  const lists = SCRIPTS.map((script) => names.filter((name) => name.script === script))
  const length = Math.max(...lists.map((list) => list.length))
  const together = Array.from({ length }, (_, at) =>
    lists.filter((list) => list.length === length).flatMap((list) => list[at] ?? []),
  )
  const apart = lists.filter((list) => list.length < length).flat()
  return [...together, ...apart.map((name) => [name])]
}

/** A maiden name is often the surname alone: then the given name is today's. */
function otherName(scripts: readonly ReadName[], kind: OtherName['kind'], today: NameForms): OtherName[] {
  const { family, given } = join(scripts)
  if (Object.keys(family).length === 0) return []
  return [{ family, given: Object.keys(given).length === 0 ? today : given, kind }]
}

function formerFamilies(names: readonly ReadName[], given: NameForms): OtherName[] {
  return names.flatMap(({ formerFamily, script }) => {
    if (formerFamily === undefined) return []
    return [{ family: foldPart(formerFamily, script, 'family').forms, given, kind: 'former' as const }]
  })
}

/** A name that is known in Latin letters alone: the reading these stand for. */
function readingOfRomaji({ family, given }: { family: NameForms; given: NameForms }): OtherName[] {
  if (family.latin === undefined || given.latin === undefined) return []
  if (family.kana !== undefined || given.kana !== undefined) return []
  const [familyKana, givenKana] = [romajiKana(family.latin), romajiKana(given.latin)]
  if (familyKana === undefined || givenKana === undefined) return []
  return [
    {
      family: { kana: familyKana, latin: family.latin },
      given: { kana: givenKana, latin: given.latin },
      kind: 'roman',
    },
  ]
}
