import { SYSTEMS } from '../vocabulary/index.ts'
import { type Element, elementOf, elementsOf, listOf, textOf } from './elements.ts'
import { firstDate, present } from './read-concept.ts'

/** Who a Patient says it is; undefined for what it does not say. */
export interface PatientFacts {
  kanji: string | undefined
  kana: string | undefined
  /** May stop at the year or the month. */
  birthDate: string | undefined
  sex: 'male' | 'female' | 'other' | 'unknown'
  /** The date where one is given. */
  deceased: boolean | string
}

const KANA = /^[\p{Script=Katakana}\p{Script=Hiragana}\uff66-\uff9fー・\s]+$/u

/** Reads a JP Core Patient for the banner. Any JSON may be given. */
export function readPatient(patient: unknown): PatientFacts {
  const element = elementOf(patient) ?? {}
  const names = elementsOf(element.name).filter(({ use }) => use !== 'old')
  const { gender, deceasedBoolean, deceasedDateTime } = element
  return {
    kanji: nameText(names.find((name) => scriptOf(name) === 'IDE') ?? names.find((name) => !isKana(name))),
    kana: nameText(names.find((name) => scriptOf(name) === 'SYL') ?? names.find(isKana)),
    birthDate: firstDate(element.birthDate),
    sex: gender === 'male' || gender === 'female' || gender === 'other' ? gender : 'unknown',
    deceased: firstDate(deceasedDateTime) ?? deceasedBoolean === true,
  }
}

/** IDE for kanji, SYL for kana (JP Core 1.1, JP_HumanName). */
function scriptOf(name: Element): unknown {
  return elementsOf(name.extension).find(({ url }) => url === SYSTEMS.nameRepresentation)?.valueCode
}

function isKana(name: Element): boolean {
  return KANA.test(nameText(name) ?? '')
}

function nameText(name: Element | undefined): string | undefined {
  if (name === undefined) return undefined
  const parts = present(textOf(name.family), ...listOf(name.given).map(textOf))
  return textOf(name.text) ?? textOf(parts.join(' '))
}
