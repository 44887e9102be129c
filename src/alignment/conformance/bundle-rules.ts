import { codesOf, type Element, elementOf, elementsOf, hasCode, listOf, slotsOf } from '../elements.ts'
import type { Breach } from './breach.ts'
import { BUNDLE_ID } from './bundle-id.ts'
import { profilesClaimed } from './claims.ts'
import { brokenInvariant } from './official-invariants.ts'
import { institutionNumber, localIdsOfOthers } from './patient-rules.ts'

const BUNDLE = 'http://jpfhir.jp/fhir/clins/StructureDefinition/JP_Bundle_CLINS'
const CONDITION_CATEGORY = 'http://terminology.hl7.org/CodeSystem/condition-category'
const ENTRY_PROFILES: Record<string, string> = {
  AllergyIntolerance: 'http://jpfhir.jp/fhir/eCS/StructureDefinition/JP_AllergyIntolerance_eCS',
  Condition: 'http://jpfhir.jp/fhir/eCS/StructureDefinition/JP_Condition_eCS',
  MedicationRequest: 'http://jpfhir.jp/fhir/eCS/StructureDefinition/JP_MedicationRequest_eCS',
  Observation: 'http://jpfhir.jp/fhir/eCS/StructureDefinition/JP_Observation_LabResult_eCS',
}

/** Official invariants that speak of every entry: asked again of each, so that the one which breaks them is named. */
const OF_ENTRIES = new Map([
  ['R9011', 'all-entries-needs-extension-of-institutionNumber'],
  ['R9012', 'all-entries-needs-valid-institutionNumber'],
  ['R9013C', 'condition-needs-contained-of-Encounter'],
  ['R9014C', 'condition-needs-extension-of-Department'],
  ['R9015C', 'condition-needs-onsetDateTime'],
  ['R9013O', 'observation-needs-contained-of-Encounter'],
  ['R9014O', 'observation-needs-extension-of-Department'],
])

/** What the guide says in words of each record in a submission. */
interface EntryRule {
  rule: string
  types: readonly string[]
  holds: (resource: Element) => boolean
  path: string
  text: string
}

const ENTRY_RULES: readonly EntryRule[] = [
  {
    rule: 'R9016C',
    types: ['Condition'],
    holds: ({ encounter }) => encounter !== undefined,
    path: 'encounter',
    text: '送信する Condition には、encounter が必要です。',
  },
  {
    rule: 'R9016O',
    types: ['Observation'],
    holds: ({ encounter }) => encounter !== undefined,
    path: 'encounter',
    text: '送信する Observation には、encounter が必要です。',
  },
  {
    rule: 'R9017O',
    types: ['Observation'],
    holds: ({ performer }) => performer !== undefined,
    path: 'performer',
    text: '送信する Observation には、performer が必要です。',
  },
  {
    rule: 'R9019O',
    types: ['Observation'],
    holds: ({ contained }) =>
      elementsOf(contained).some(({ resourceType }) => resourceType === 'Practitioner'),
    path: 'contained',
    text: '送信する Observation には、contained の Practitioner が必要です。',
  },
  {
    rule: 'R6081',
    types: ['Observation'],
    holds: ({ hasMember }) => hasMember === undefined,
    path: 'hasMember',
    text: '送信する検査に hasMember は使えません。',
  },
  {
    rule: 'R9018C',
    types: ['Condition'],
    holds: ({ clinicalStatus, abatementDateTime }) =>
      abatementDateTime !== undefined ||
      !codesOf(clinicalStatus).some(({ code }) => code === 'resolved' || code === 'remission'),
    path: 'abatement',
    text: '送信する、治癒・寛解した傷病には、終了日（abatementDateTime）が必要です。',
  },
  {
    rule: 'tsunagi-encounter-diagnosis',
    types: ['Condition'],
    holds: ({ category }) =>
      elementsOf(category).some((each) => hasCode(each, [CONDITION_CATEGORY], 'encounter-diagnosis')),
    path: 'category',
    text: '送信する Condition の category は encounter-diagnosis です。',
  },
]

/** Breaches of a submission Bundle (JP_Bundle_CLINS), beyond R4 and its table, each at its entry. */
export function submissionBreaches(bundle: Element): Breach[] {
  if (!profilesClaimed(bundle).includes(BUNDLE)) return []
  const entries = slotsOf(bundle.entry)
  const each = entries.flatMap((entry, index) => entryBreaches(bundle, entry, index))
  return [
    ...oneType(entries),
    ...fullUrls(entries),
    ...otherInstitutions(bundle, entries),
    ...otherPatients(entries),
    ...each,
  ]
}

/** A report unit is one institution's: its Bundle, its records and its patient ids bear one number. */
function otherInstitutions({ identifier }: Element, entries: readonly Element[]): Breach[] {
  const [, number] = BUNDLE_ID.exec(String(elementOf(identifier)?.value)) ?? []
  if (number === undefined) return []
  return entries.flatMap(({ resource }, index) => {
    const held = elementOf(resource)
    const own = institutionNumber(held?.extension) ?? number
    const isPatient = held?.resourceType === 'Patient'
    const places = [
      ...(own === number ? [] : ['extension']),
      ...(isPatient ? localIdsOfOthers(held.identifier, number) : []),
    ]
    return places.map((place) => ({
      rule: 'tsunagi-institution',
      path: `Bundle.entry[${index}].resource.${place}`,
      text: '医療機関番号が、Bundle.identifier の医療機関番号と違います。',
    }))
  })
}

/** A report unit is of one patient: each record refers to the fullUrl of the Bundle's own (JP-CLINS, 患者の参照). */
function otherPatients(entries: readonly Element[]): Breach[] {
  const own = entries.find(({ resource }) => elementOf(resource)?.resourceType === 'Patient')?.fullUrl
  if (typeof own !== 'string') return []
  return entries.flatMap(({ resource }, index) =>
    (['subject', 'patient'] as const).flatMap((name) => {
      const reference = elementOf(elementOf(resource)?.[name])?.reference
      // What leads nowhere is told as that (R4#dangling).
      if (typeof reference !== 'string' || reference === own || reference.startsWith('urn:')) return []
      return [
        {
          rule: 'tsunagi-patient',
          path: `Bundle.entry[${index}].resource.${name}`,
          text: '患者の参照先は、この Bundle の Patient の fullUrl です。',
        },
      ]
    }),
  )
}

function entryBreaches(bundle: Element, entry: Element, index: number): Breach[] {
  const resource = elementOf(entry.resource)
  const type = String(resource?.resourceType)
  if (resource === undefined) return []
  const path = `Bundle.entry[${index}].resource`
  const breaches: Breach[] = []
  if (index > 0) {
    const alone = { ...bundle, entry: [slotsOf(bundle.entry)[0], entry] }
    for (const key of OF_ENTRIES.values()) {
      const broken = brokenInvariant(key, alone, 'Bundle')
      if (broken !== undefined) breaches.push({ ...broken, path })
    }
  }
  for (const rule of ENTRY_RULES) {
    if (rule.types.includes(type) && !rule.holds(resource))
      breaches.push({ rule: rule.rule, path: `${path}.${rule.path}`, text: rule.text })
  }
  const profile = ENTRY_PROFILES[type]
  if (profile !== undefined && !profilesClaimed(resource).includes(profile)) {
    const text = `meta.profile に ${profile} が必要です。`
    breaches.push({ rule: `validEntryProfile-${type}`, path: `${path}.meta.profile`, text })
  }
  return breaches
}

/** Rules that are said entry by entry, so that the Bundle itself need not repeat them. */
export function isSaidOfEntries(rule: string): boolean {
  return OF_ENTRIES.has(rule)
}

function oneType(entries: readonly Element[]): Breach[] {
  const held = entries.slice(1).map(({ resource }) => elementOf(resource))
  const types = new Set(held.filter((each) => each !== undefined).map(({ resourceType }) => resourceType))
  if (types.size <= 1) return []
  const text = '一つの Bundle に入れられるのは、Patient のほかに一種類のリソースだけです。'
  return [{ rule: 'tsunagi-one-type', path: 'Bundle.entry', text }]
}

const URN_UUID = /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

function fullUrls(entries: readonly Element[]): Breach[] {
  return entries.flatMap(({ fullUrl }, index) =>
    typeof fullUrl === 'string' && !URN_UUID.test(fullUrl)
      ? [
          {
            rule: 'tsunagi-full-url',
            path: `Bundle.entry[${index}].fullUrl`,
            text: 'fullUrl は urn:uuid: で始まる UUID です。',
          },
        ]
      : [],
  )
}

/** Whether anything stands in it but the person: to delete everything under one key, words of the guide allow that. */
export function isDeletion(bundle: Element): boolean {
  const entries = listOf(bundle.entry).map((entry) => elementOf(elementOf(entry)?.resource))
  return (
    profilesClaimed(bundle).includes(BUNDLE) && entries.length === 1 && entries[0]?.resourceType === 'Patient'
  )
}
