import { SYSTEMS } from '../../vocabulary/index.ts'
import { codesOf, elementOf, elementsOf, listOf, textOf } from '../elements.ts'
import type { Addition } from '../verdict.ts'

const RESOURCE_IDENTIFIER = 'http://jpfhir.jp/fhir/core/IdSystem/resourceInstance-identifier'
const LOCAL_CODE = 'http://jpfhir.jp/fhir/clins/CodeSystem/JP_CLINS_ObsLabResult_LocalCode_CS'
const USAGE = 'http://jpfhir.jp/fhir/core/mhlw/CodeSystem/MedicationUsage_ePrescription'
const USAGE_DUMMY = {
  system: 'http://jpfhir.jp/fhir/clins/CodeSystem/JP_CLINS_MedicationUsage_Uncoded_CS',
  code: '0X0XXXXXXXXX0000',
  display: 'ダミー用法コード',
}
const ENCOUNTER_DIAGNOSIS = {
  system: 'http://terminology.hl7.org/CodeSystem/condition-category',
  code: 'encounter-diagnosis',
}
const PROFILES: Record<string, string> = {
  AllergyIntolerance: 'http://jpfhir.jp/fhir/eCS/StructureDefinition/JP_AllergyIntolerance_eCS',
  Condition: 'http://jpfhir.jp/fhir/eCS/StructureDefinition/JP_Condition_eCS',
  MedicationRequest: 'http://jpfhir.jp/fhir/eCS/StructureDefinition/JP_MedicationRequest_eCS',
  Observation: 'http://jpfhir.jp/fhir/eCS/StructureDefinition/JP_Observation_LabResult_eCS',
}

/** The national profile of a type that carries one of the six data. */
export function nationalProfile(type: string): string | undefined {
  return Object.hasOwn(PROFILES, type) ? PROFILES[type] : undefined
}

/** Stands for the moment of conversion, which is not the checker's to say. */
const FILLED_IN = '1970-01-01T00:00:00Z'

type Draft = Record<string, unknown>

/** What a national record must carry and follows from what is there: who fills it in adds no fact. */
export function fillIn(draft: Draft, type: string, added: Addition[]): void {
  const note = (path: string, what: string) => added.push({ path: `${type}.${path}`, what, by: 'fill-in' })
  const profile = nationalProfile(type)
  fillMeta(draft, profile, note)
  if (profile === undefined) return
  fillIdentifier(draft, note)
  const name = type === 'MedicationRequest' ? 'medicationCodeableConcept' : 'code'
  if (draft[name] !== undefined) draft[name] = withText(draft[name], name, note)
  if (type === 'Condition' && draft.category === undefined) {
    draft.category = [{ coding: [ENCOUNTER_DIAGNOSIS] }]
    note('category', `${ENCOUNTER_DIAGNOSIS.system}|${ENCOUNTER_DIAGNOSIS.code}`)
  }
  if (type === 'Observation') fillObservation(draft, note)
  if (type === 'MedicationRequest') fillUsage(draft, note)
}

/** Whether it is not there yet, or a list that can be added to: what is malformed, or empty, stays and is told. */
function isListOrAbsent(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length > 0)
}

function fillMeta(
  draft: Draft,
  profile: string | undefined,
  note: (path: string, what: string) => void,
): void {
  const present = elementOf(draft.meta)
  if ((draft.meta !== undefined && present === undefined) || !isListOrAbsent(present?.profile)) return
  if (present !== undefined && Object.keys(present).length === 0) return
  const meta: Draft = { ...present }
  if (profile !== undefined && !JSON.stringify(meta.profile ?? []).includes(profile)) {
    meta.profile = [...listOf(meta.profile), profile]
    note('meta.profile', profile)
  }
  if (meta.lastUpdated === undefined) {
    meta.lastUpdated = FILLED_IN
    note('meta.lastUpdated', '変換した時刻')
  }
  draft.meta = meta
}

function fillIdentifier(draft: Draft, note: (path: string, what: string) => void): void {
  const present = elementsOf(draft.identifier)
  if (!isListOrAbsent(draft.identifier) || typeof draft.id !== 'string') return
  if (present.some(({ system }) => system === RESOURCE_IDENTIFIER)) return
  draft.identifier = [...listOf(draft.identifier), { system: RESOURCE_IDENTIFIER, value: draft.id }]
  note('identifier', RESOURCE_IDENTIFIER)
}

/** A concept's text out of its first display. */
function withText(concept: unknown, path: string, note: (path: string, what: string) => void): unknown {
  const element = elementOf(concept)
  const display = elementsOf(element?.coding)
    .map((coding) => textOf(coding.display))
    .find((each) => each !== undefined)
  if (element === undefined || element.text !== undefined || display === undefined) return concept
  note(`${path}.text`, 'display と同じ文字')
  return { ...element, text: display }
}

function fillObservation(draft: Draft, note: (path: string, what: string) => void): void {
  const isLaboratory = elementsOf(draft.category).some((each) =>
    codesOf(each).some(({ code }) => code === 'laboratory'),
  )
  const hasNational = elementsOf(draft.category).some((each) =>
    codesOf(each).some(({ system }) => system === SYSTEMS.observationCategory),
  )
  if (isLaboratory && !hasNational) {
    draft.category = [{ coding: [{ system: SYSTEMS.observationCategory, code: 'laboratory' }] }]
    note('category', `${SYSTEMS.observationCategory}|laboratory`)
  }
  const element = elementOf(draft.code)
  const codings = codesOf(element)
  const [first] = codings
  if (element === undefined || first === undefined || codings.some(({ system }) => system === LOCAL_CODE))
    return
  // The code the sender itself uses, whatever it is: JP-CLINS has one system for those of all institutions.
  const display = first.display ?? textOf(element.text)
  draft.code = {
    ...element,
    coding: [
      ...listOf(element.coding),
      { system: LOCAL_CODE, code: first.code, ...(display !== undefined && { display }) },
    ],
  }
  note('code.coding', `${LOCAL_CODE}|${first.code}`)
}

/** The guide's own code for a usage without a standard code, beside the usage in words. */
function fillUsage(draft: Draft, note: (path: string, what: string) => void): void {
  if (!Array.isArray(draft.dosageInstruction)) return
  draft.dosageInstruction = draft.dosageInstruction.map((each: unknown, index) => {
    const dosage = elementOf(each)
    const timing = elementOf(dosage?.timing)
    if (dosage === undefined || (timing === undefined && dosage.timing !== undefined)) return each
    const code = elementOf(timing?.code)
    const hasUsage = codesOf(code).some(({ system }) => system === USAGE || system === USAGE_DUMMY.system)
    const text = textOf(code?.text) ?? textOf(dosage.text)
    if (hasUsage || text === undefined) return dosage
    note(`dosageInstruction[${index}].timing.code.coding`, `${USAGE_DUMMY.system}|${USAGE_DUMMY.code}`)
    return {
      ...dosage,
      timing: { ...timing, code: { ...code, coding: [...listOf(code?.coding), USAGE_DUMMY], text } },
    }
  })
}
