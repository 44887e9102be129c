import { SYSTEMS } from '../../vocabulary/index.ts'
import { codesOf, elementOf, elementsOf, textOf } from '../elements.ts'
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
  const meta = { ...elementOf(draft.meta) } as Draft
  if (profile !== undefined && !JSON.stringify(meta.profile ?? []).includes(profile)) {
    meta.profile = [...(Array.isArray(meta.profile) ? meta.profile : []), profile]
    note('meta.profile', profile)
  }
  if (meta.lastUpdated === undefined) {
    meta.lastUpdated = FILLED_IN
    note('meta.lastUpdated', '変換した時刻')
  }
  draft.meta = meta
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

function fillIdentifier(draft: Draft, note: (path: string, what: string) => void): void {
  const present = elementsOf(draft.identifier)
  if (present.some(({ system }) => system === RESOURCE_IDENTIFIER) || typeof draft.id !== 'string') return
  draft.identifier = [...present, { system: RESOURCE_IDENTIFIER, value: draft.id }]
  note('identifier', RESOURCE_IDENTIFIER)
}

/** A concept's text out of its first display. */
function withText(concept: unknown, path: string, note: (path: string, what: string) => void): unknown {
  const element = elementOf(concept)
  const display = elementsOf(element?.coding)
    .map((coding) => textOf(coding.display))
    .find((each) => each !== undefined)
  if (element === undefined || textOf(element.text) !== undefined || display === undefined) return concept
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
      ...elementsOf(element.coding),
      { system: LOCAL_CODE, code: first.code, ...(display !== undefined && { display }) },
    ],
  }
  note('code.coding', `${LOCAL_CODE}|${first.code}`)
}

/** The guide's own code for a usage without a standard code, beside the usage in words. */
function fillUsage(draft: Draft, note: (path: string, what: string) => void): void {
  draft.dosageInstruction = elementsOf(draft.dosageInstruction).map((dosage, index) => {
    const timing = elementOf(dosage.timing)
    const code = elementOf(timing?.code)
    const hasUsage = codesOf(code).some(({ system }) => system === USAGE || system === USAGE_DUMMY.system)
    const text = textOf(code?.text) ?? textOf(dosage.text)
    if (hasUsage || text === undefined) return dosage
    note(`dosageInstruction[${index}].timing.code.coding`, `${USAGE_DUMMY.system}|${USAGE_DUMMY.code}`)
    return {
      ...dosage,
      timing: { ...timing, code: { ...code, coding: [...elementsOf(code?.coding), USAGE_DUMMY], text } },
    }
  })
}
