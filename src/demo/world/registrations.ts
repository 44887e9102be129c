import { present } from '../../kernel/must.ts'
import { elderNumber, householdNumber, type Insured, insuredText, memberNumber } from './insurance.ts'
import { BASE32, DIGITS, type Random, randomOf } from './random.ts'
import { REGION_IDS, type RegionId } from './regions.ts'
import { isElder, type Resident } from './residents.ts'
import { STORY, storyRoleOf } from './story.ts'
import { type AddressStyle, type Home, homeIn } from './towns.ts'

/**
 * On what a record agrees with the resident's first one: insured number (rule A1 of linkage), name with
 * address (A3), or on too little for any rule. `first` is the first record itself.
 */
export type Agreement = 'first' | 'number' | 'demographics' | 'too-little'

/** One resident's record in one region, as that region wrote it. */
export interface DemoRegistration {
  residentId: string
  region: RegionId
  /** The region's own patient id, under its patient system. */
  localId: string
  /** The FHIR id of its Patient on the region's server; another thing than the patient id. */
  patientId: string
  agreement: Agreement
  record: Recorded
}

/** What the record says of the person. */
export interface Recorded {
  family: { kanji: string; kana: string }
  given: { kanji: string; kana: string }
  gender: Resident['gender']
  birthDate: string
  home: Home
  addressStyle: AddressStyle
  /** `保険者:記号:番号:枝番` as it was typed; absent where the desk never saw the card. */
  insured: string | undefined
  phone: string | undefined
}

/** A resident's registrations, the home region's first. */
export function registrationsOf(seed: string, resident: Resident): DemoRegistration[] {
  const random = randomOf(seed, 'registrations', resident.id)
  const role = storyRoleOf(resident.id)
  const fixed = role && STORY[role].localIds
  const regions = fixed ? storyRegions(resident, fixed) : chooseRegions(resident, random)
  return regions.map((region, at) => {
    const agreement = at === 0 ? 'first' : fixed ? 'number' : chooseAgreement(random)
    return {
      residentId: resident.id,
      region,
      localId: fixed?.[region] ?? LOCAL_ID[region](random),
      patientId: `p${random.text(BASE32, 14).toLowerCase()}`,
      agreement,
      record: fixed && at > 0 ? storyRecord(resident) : recordOf(resident, agreement, random),
    }
  })
}

/** How the person's own card and mouth would have it, as an institution's desk records somebody new. */
export function recordedAtDesk(resident: Resident): Recorded {
  return recordOf(resident, 'first', randomOf('desk', resident.id))
}

const LOCAL_ID: Record<RegionId, (random: Random) => string> = {
  minato: (random) => `M-${random.text(BASE32, 9)}`,
  sagamino: (random) => `SG${random.text(DIGITS, 10)}`,
  shiokaze: (random) => `sk-${random.text('0123456789abcdef', 10)}`,
}

/** 45 of 100 are registered in two or three regions. */
function chooseRegions(resident: Resident, random: Random): RegionId[] {
  const roll = random.next()
  const others = random.sample(
    REGION_IDS.filter((region) => region !== resident.homeRegion),
    2,
  )
  return [resident.homeRegion, ...others.slice(0, roll < 0.55 ? 0 : roll < 0.92 ? 1 : 2)]
}

function storyRegions(resident: Resident, fixed: Partial<Record<RegionId, string>>): RegionId[] {
  const others = REGION_IDS.filter((region) => region in fixed && region !== resident.homeRegion)
  return [resident.homeRegion, ...others]
}

/** A later record of somebody whom the demonstration follows: clean but for the spelling of the surname. */
function storyRecord(resident: Resident): Recorded {
  const { kanji, kana, variants } = resident.surname
  return { ...recordedAtDesk(resident), family: { kanji: variants[0] ?? kanji, kana } }
}

function chooseAgreement(random: Random): Agreement {
  const roll = random.next()
  if (roll < 0.78) return 'number'
  return roll < 0.93 ? 'demographics' : 'too-little'
}

function recordOf(resident: Resident, agreement: Agreement, random: Random): Recorded {
  const { surname, given, gender, birthDate, home, insured, phone } = resident
  const exact = agreement === 'first'
  return {
    family: { kanji: exact ? surname.kanji : spelling(surname, random), kana: surname.kana },
    given: { kanji: given.kanji, kana: !exact && random.chance(0.15) ? largeKana(given.kana) : given.kana },
    gender,
    birthDate,
    home: agreement === 'too-little' ? homeIn(resident.homeRegion, random) : home,
    addressStyle: !exact && random.chance(0.2) ? 'short' : 'official',
    insured: exact ? insuredText(insured) : numberSeen(insured, agreement, birthDate, random),
    phone: exact || random.chance(0.5) ? phone : undefined,
  }
}

/** The true number, another one from before a change of work or age, or none. */
function numberSeen(
  insured: Insured,
  agreement: Agreement,
  birthDate: string,
  random: Random,
): string | undefined {
  if (agreement === 'number')
    return random.chance(0.1) ? fullWidth(insuredText(insured)) : insuredText(insured)
  if (agreement === 'demographics' && random.chance(0.5)) return undefined
  return insuredText(isElder(birthDate) ? elderNumber(random) : memberNumber(householdNumber(random), 1))
}

function spelling({ kanji, variants }: Resident['surname'], random: Random): string {
  return random.chance(0.6) ? random.pick([kanji, ...variants]) : kanji
}

/** ショウイチ as シヨウイチ: many older systems know no small kana. */
function largeKana(kana: string): string {
  return kana.replace(/[ァィゥェォャュョッ]/g, (small) => String.fromCharCode(small.charCodeAt(0) + 1))
}

/** Symbol and number in full-width digits, which JP-CLINS allows; insurer and branch are always half-width. */
function fullWidth(insured: string): string {
  const [insurer, symbol, number, branch] = insured.split(':')
  const wide = (text: string | undefined) =>
    present(text, 'an insured number has four parts').replace(/\d/g, (digit) =>
      String.fromCharCode(digit.charCodeAt(0) + 0xfee0),
    )
  return [insurer, wide(symbol), wide(number), branch].join(':')
}
