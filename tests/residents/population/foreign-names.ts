import foreignNames from '../data/foreign-names.json' with { type: 'json' }
import { type Random, weigh } from '../random.ts'
import type { ForeignNames, LegalName } from './person.ts'

/** A name as the residence card has it, and how a reception desk writes it in kana. */
export interface Syllables {
  roman: string
  kana: string
  kanji?: string
}

interface GivenNames {
  first: readonly Syllables[]
  second: readonly Syllables[]
}

export interface Country {
  weight: number
  families: readonly Syllables[]
  male: GivenNames
  female: GivenNames
  /** Between the parts of a given name. */
  joint: '' | ' '
  /** How many bear a second part. */
  secondShare: number
  /** A Japanese alias (通称) is usual. */
  aliasShare: number
}

/** As in the table: names as `ROMAN カナ 漢字`, divided by bars. */
interface Listed extends Omit<Country, 'families' | 'male' | 'female'> {
  families: string
  male: { first: string; second: string }
  female: { first: string; second: string }
}

/**
 * By their shares among the prefecture's foreign residents, rounded: China, Korea, Viet Nam, the Philippines, Brazil,
 * South Asia, others.
 */
const COUNTRIES: readonly Country[] = (foreignNames as readonly Listed[]).map((listed) => ({
  ...listed,
  families: read(listed.families),
  male: { first: read(listed.male.first), second: read(listed.male.second) },
  female: { first: read(listed.female.first), second: read(listed.female.second) },
}))

const byWeight = weigh(COUNTRIES, ({ weight }) => weight)

/** The country a household comes from, so that its members share the family name. */
export function pickCountry(random: Random): Country {
  return random.among(byWeight)
}

export function pickForeignFamily(random: Random, country: Country): Syllables {
  return random.pick(country.families)
}

/** The legal name (kanji where the residence card has them) with the romanised one, and perhaps an alias. */
export function nameForeigner(
  random: Random,
  country: Country,
  family: Syllables,
  sex: 'male' | 'female',
  japanese: LegalName,
): { legal: LegalName; foreign: ForeignNames } {
  const { first, second } = country[sex]
  const given = random.pick(first)
  const middle = random.chance(country.secondShare) ? random.pick(second) : undefined
  const roman = { family: family.roman, given: join(country.joint, given.roman, middle?.roman) }
  const written = given.kanji && `${given.kanji}${middle?.kanji ?? ''}`
  const legal: LegalName = {
    family: { kanji: family.kanji ?? family.roman, kana: family.kana },
    given: { kanji: written ?? roman.given, kana: join(country.joint, given.kana, middle?.kana) },
  }
  const alias = random.chance(country.aliasShare) ? japanese : undefined
  return { legal, foreign: { roman, ...(alias && { alias }) } }
}

function join(joint: string, one: string, other: string | undefined): string {
  return other === undefined ? one : `${one}${joint}${other}`
}

function read(text: string): Syllables[] {
  return text.split('|').map((entry) => {
    const [, roman = '', kana = '', kanji] =
      /^([A-Z ]+) ([ァ-ヺー ]+?)(?: (\p{Script=Han}+))?$/u.exec(entry) ?? []
    return kanji === undefined ? { roman, kana } : { roman, kana, kanji }
  })
}
