import { foldKana } from '../normalise/fold-kana.ts'
import { foldKanji, foldSurname } from '../normalise/fold-kanji.ts'
import { foldLatin } from '../normalise/fold-latin.ts'
import { foldPhone } from '../normalise/fold-phone.ts'
import type { Features, NameForms } from '../normalise/index.ts'
import type { Patient } from '../patient-schema.ts'
import type { Criteria, TextCriterion, TextMode } from './read-criteria.ts'

const MAIDEN_NAME = 'http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName'

/** Whether a registration satisfies all of a search; names by their folded forms unless asked for to the letter. */
export function satisfies(patient: Patient, features: Features, criteria: Criteria): boolean {
  const { texts, telecoms, identifiers } = criteria
  return (
    texts.every((text) => hasText(patient, features, text)) &&
    telecoms.every((values) => values.some((value) => hasTelecom(patient, value))) &&
    identifiers.every((tokens) => tokens.some((token) => hasIdentifier(patient, token)))
  )
}

function hasText(
  patient: Patient,
  features: Features,
  { name, mode, values }: Criteria['texts'][number],
): boolean {
  if (name === 'family' || name === 'given') return hasName(patient, features, name, { mode, values })
  const written = textsOf(patient, name)
  return values.some((value) => written.some((text) => agrees(plain(text, mode), plain(value, mode), mode)))
}

function hasName(
  { name: names = [] }: Patient,
  features: Features,
  part: 'family' | 'given',
  { mode, values }: TextCriterion,
): boolean {
  if (mode === 'exact') {
    const written = names.flatMap(({ family, given = [] }) => (part === 'family' ? (family ?? []) : given))
    return values.some((value) => written.includes(value))
  }
  const forms = [features[part], ...(features.otherNames ?? []).map((other) => other[part])]
  return values.some((value) => forms.some((form) => agreesFolded(form, value, part, mode)))
}

function agreesFolded(
  { kanji, kana, latin }: NameForms,
  value: string,
  part: 'family' | 'given',
  mode: TextMode,
): boolean {
  const folded: [string | undefined, string | undefined][] = [
    [kanji, part === 'family' ? foldSurname(value) : foldKanji(value)],
    [kana, foldKana(value)],
    [latin, foldLatin(value)],
  ]
  return folded.some(([own, asked]) => own !== undefined && asked !== undefined && agrees(own, asked, mode))
}

function agrees(text: string, value: string, mode: TextMode): boolean {
  if (mode === 'exact') return text === value
  return mode === 'contains' ? text.includes(value) : text.startsWith(value)
}

/** To the letter only where that is asked for; else without regard to width and case. */
function plain(text: string, mode: TextMode): string {
  return mode === 'exact' ? text : text.normalize('NFKC').toLowerCase().replace(/[\s-]/g, '')
}

/** An address is looked for in its parts and as a whole (FHIR R4, Patient search). */
function textsOf(
  { address = [], extension = [] }: Patient,
  name: Criteria['texts'][number]['name'],
): string[] {
  if (name === 'mothersMaidenName') {
    return extension.flatMap((each) => {
      const { url, valueString } = each as { url?: unknown; valueString?: unknown }
      return url === MAIDEN_NAME && typeof valueString === 'string' ? [valueString] : []
    })
  }
  const parts = address.map(({ text, line = [], city, state, postalCode, ...rest }) => {
    const country = typeof rest.country === 'string' ? rest.country : undefined
    return { text, line, city, state, postalCode, country }
  })
  const of = {
    'address-city': parts.map(({ city }) => city),
    'address-state': parts.map(({ state }) => state),
    'address-postalcode': parts.map(({ postalCode }) => postalCode),
    'address-country': parts.map(({ country }) => country),
    address: parts.flatMap(({ text, line, city, state, postalCode, country }) => [
      ...[text, ...line, city, state, postalCode, country],
      [state, city, ...line].filter((part) => part !== undefined).join(''),
    ]),
  }
  return of[name as keyof typeof of].filter((part) => part !== undefined)
}

function hasTelecom({ telecom = [] }: Patient, value: string): boolean {
  const asked = foldPhone(value)
  return telecom.some(({ value: own = '' }) => {
    if (own === value) return true
    const known = asked && foldPhone(own)
    return known !== undefined && JSON.stringify(known) === JSON.stringify(asked)
  })
}

function hasIdentifier(
  { identifier = [] }: Patient,
  token: Criteria['identifiers'][number][number],
): boolean {
  return identifier.some(
    ({ system, value }) => value === token.value && (token.system === undefined || token.system === system),
  )
}
