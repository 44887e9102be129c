import { elderNumber, householdNumber, memberNumber } from './insurance.ts'
import type { Surname, Written } from './names.ts'
import { randomOf } from './random.ts'
import type { RegionId } from './regions.ts'
import { isElder, type Resident } from './residents.ts'
import { type Home, homeIn } from './towns.ts'

export const STORY_ROLES = [
  'allergyElsewhere',
  'treatedElsewhere',
  'withoutConsent',
  'everywhere',
  'protectedPerson',
] as const
export type StoryRole = (typeof STORY_ROLES)[number]

export interface StoryResident {
  role: StoryRole
  /** What this resident shows, in one sentence. */
  sentence: { ja: string; en: string }
  resident: Resident
  /** Fixed, so that a walk-through can name them; as opaque as the others. */
  localIds: Partial<Record<RegionId, string>>
}

/** The residents whom the demonstration follows. They are in every world, whatever its seed and size. */
export const STORY: Readonly<Record<StoryRole, StoryResident>> = {
  allergyElsewhere: {
    role: 'allergyElsewhere',
    sentence: {
      ja: 'みなととしおかぜに登録。薬剤アレルギーはみなとにしか記録がなく、しおかぜでは同じ成分が処方されている。',
      en: 'Registered in minato and shiokaze; the drug allergy is known in minato only, while shiokaze prescribes the drug.',
    },
    resident: storyResident(
      's-fumi',
      surname('髙橋', 'タカハシ', '高橋'),
      given('文乃', 'フミノ'),
      'female',
      '1957-04-03',
      'minato',
    ),
    localIds: { minato: 'M-7QK2V9TXR', shiokaze: 'sk-4e81c0b97a' },
  },
  treatedElsewhere: {
    role: 'treatedElsewhere',
    sentence: {
      ja: 'さがみ野だけに登録し、登録のないしおかぜの病院にかかっている。氏名等で照会できる。',
      en: 'Registered in sagamino only and treated at a hospital of shiokaze, which has no registration: asked for by demographics.',
    },
    resident: storyResident(
      's-kaoru',
      surname('齋藤', 'サイトウ', '斎藤'),
      given('馨', 'カオル'),
      'male',
      '1968-11-20',
      'sagamino',
    ),
    localIds: { sagamino: 'SG8150372946' },
  },
  withoutConsent: {
    role: 'withoutConsent',
    sentence: {
      ja: 'みなととさがみ野に登録しているが、どちらにも同意書がない。何も提供されない。',
      en: 'Registered in minato and sagamino without a consent form in either: nothing is provided.',
    },
    resident: storyResident(
      's-nozomu',
      surname('山﨑', 'ヤマザキ', '山崎'),
      given('望', 'ノゾム'),
      'male',
      '1961-08-15',
      'minato',
    ),
    localIds: { minato: 'M-2HD8N3WPC', sagamino: 'SG2047718365' },
  },
  everywhere: {
    role: 'everywhere',
    sentence: {
      ja: '三つの地域すべてに登録。未提供の病名（さがみ野）と未告知の病名（しおかぜ）がある。',
      en: 'Registered in all three regions, with an UNDELIVERED condition in sagamino and an UNINFORMED one in shiokaze.',
    },
    resident: storyResident(
      's-sumie',
      surname('渡邉', 'ワタナベ', '渡辺'),
      given('澄江', 'スミエ'),
      'female',
      '1944-02-11',
      'sagamino',
    ),
    localIds: { minato: 'M-5XW1R6BJT', sagamino: 'SG6391850427', shiokaze: 'sk-b20f6d83e5' },
  },
  protectedPerson: {
    role: 'protectedPerson',
    sentence: {
      ja: '支援措置の対象者。みなととしおかぜに登録し同意もあるが、本人の希望がない限り地域を越えない。',
      en: 'A protected person, registered and consenting in minato and shiokaze: nothing crosses regions unless she wishes it.',
    },
    resident: storyResident(
      's-mio',
      surname('德永', 'トクナガ', '徳永'),
      given('澪', 'ミオ'),
      'female',
      '1989-06-27',
      'shiokaze',
    ),
    localIds: { minato: 'M-9CZ4G7KYM', shiokaze: 'sk-07d5a93f1c' },
  },
}

export function storyRoleOf(residentId: string): StoryRole | undefined {
  return STORY_ROLES.find((role) => STORY[role].resident.id === residentId)
}

function storyResident(
  id: string,
  surname: Surname,
  given: Written,
  gender: Resident['gender'],
  birthDate: string,
  homeRegion: RegionId,
): Resident {
  const random = randomOf('story', id)
  const home: Home = { ...homeIn(homeRegion, random), building: undefined }
  const insured = isElder(birthDate) ? elderNumber(random) : memberNumber(householdNumber(random), 1)
  return { id, surname, given, gender, birthDate, homeRegion, home, insured, phone: undefined }
}

function surname(kanji: string, kana: string, ...variants: string[]): Surname {
  return { kanji, kana, variants }
}

function given(kanji: string, kana: string): Written {
  return { kanji, kana }
}
