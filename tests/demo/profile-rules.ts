/** What JP Core 1.1.2 and JP-CLINS 1.5.2 require of the resources which the simulated regions write. */
export type Json = { [key: string]: unknown }

/** All values at a dotted path, through lists. */
export function valuesAt(value: unknown, path: string): unknown[] {
  return path.split('.').reduce<unknown[]>(
    (found, key) =>
      found.flatMap((one) => {
        const next = (one as Json | undefined)?.[key]
        return next === undefined ? [] : Array.isArray(next) ? next : [next]
      }),
    [value],
  )
}

const OWN_IDENTIFIER = 'http://jpfhir.jp/fhir/core/IdSystem/resourceInstance-identifier'
const COMMON = ['meta.lastUpdated', 'meta.profile', 'identifier.system', 'identifier.value']

export const REQUIRED: Record<string, readonly string[]> = {
  JP_Patient: [...COMMON, 'name.text', 'name.family', 'name.given', 'gender', 'birthDate', 'address.text'],
  JP_Condition_eCS: [
    ...COMMON,
    'clinicalStatus.coding.code',
    'verificationStatus.coding.code',
    'category.coding.code',
    'code.coding.display',
    'code.text',
    'subject.reference',
    'onsetDateTime',
  ],
  JP_AllergyIntolerance_eCS: [
    ...COMMON,
    'clinicalStatus.coding.code',
    'verificationStatus.coding.code',
    'code.coding.system',
    'code.coding.code',
    'code.coding.display',
    'code.text',
    'patient.reference',
  ],
  JP_Observation_LabResult_eCS: [
    ...COMMON,
    'status',
    'category.coding.code',
    'code.coding.code',
    'code.coding.display',
    'code.text',
    'subject.reference',
    'effectiveDateTime',
    'specimen.display',
  ],
  JP_MedicationRequest_eCS: [
    ...COMMON,
    'status',
    'intent',
    'medicationCodeableConcept.coding.display',
    'medicationCodeableConcept.text',
    'subject.reference',
    'authoredOn',
    'dosageInstruction.extension.valuePeriod.start',
    'dosageInstruction.text',
    'dosageInstruction.timing.code.text',
    'dosageInstruction.doseAndRate.type.coding.display',
  ],
  JP_Observation_VitalSigns: [
    ...COMMON,
    'status',
    'code.coding.code',
    'subject.reference',
    'effectiveDateTime',
  ],
  JP_DocumentReference_eCS: [...COMMON, 'status', 'type.coding.code', 'content.attachment.contentType'],
  'care-level': [...COMMON, 'status', 'valueCodeableConcept.coding.code', 'subject.reference'],
}

interface Rule {
  profile: string
  rule: string
  holds(resource: Json): boolean
}

const countOf = (resource: Json, path: string, value: unknown) =>
  valuesAt(resource, path).filter((one) => one === value).length
const hasContainedEncounter = (resource: Json) =>
  countOf(
    resource,
    'contained.meta.profile',
    'http://jpfhir.jp/fhir/core/StructureDefinition/JP_Encounter',
  ) === 1
const hasDepartment = (resource: Json) =>
  valuesAt(resource, 'extension.url').some((url) => String(url).endsWith('JP_eCS_Department'))
const senderIsClins = (resource: Json) =>
  valuesAt(resource, 'extension.valueIdentifier.value').every((no) =>
    /^[0-4][0-9][1-3][0-9]{7}$/.test(String(no)),
  )
const oneOwnIdentifier = (resource: Json) => countOf(resource, 'identifier.system', OWN_IDENTIFIER) === 1
const laboratoryItem = /JLAC10\/JP_CLINS_ObsLabResult_(CoreLabo|InfectionLabo)_CS$/
const localCode = 'http://jpfhir.jp/fhir/clins/CodeSystem/JP_CLINS_ObsLabResult_LocalCode_CS'
const drugCode = /(YJ-code|MedicationCodeNocoded_CS)$/
const insured = /^[0-9]{8}:[^:\s　]*:[^:\s　]*:([0-9][0-9])?$/

export const RULES: readonly Rule[] = [
  ...[
    'JP_Condition_eCS',
    'JP_AllergyIntolerance_eCS',
    'JP_Observation_LabResult_eCS',
    'JP_MedicationRequest_eCS',
  ].flatMap((profile): Rule[] => [
    { profile, rule: 'exactly one identifier of its own', holds: oneOwnIdentifier },
    { profile, rule: 'an institution number that may send (R1021)', holds: senderIsClins },
  ]),
  ...['JP_Condition_eCS', 'JP_Observation_LabResult_eCS'].flatMap((profile): Rule[] => [
    { profile, rule: 'a contained JP_Encounter (R9013)', holds: hasContainedEncounter },
    { profile, rule: 'a department (R9014)', holds: hasDepartment },
  ]),
  {
    profile: 'JP_Patient',
    rule: 'the region’s patient id comes first',
    holds: (resource) => String(valuesAt(resource, 'identifier.system')[0]).startsWith('urn:oid:2.999.14.1.'),
  },
  {
    profile: 'JP_Patient',
    rule: 'an insured number, where there is one, in the national form (R1013)',
    holds: (resource) =>
      valuesAt(resource, 'identifier')
        .filter((one) => String((one as Json).system).endsWith('JP_Insurance_memberID'))
        .every((one) => insured.test(String((one as Json).value))),
  },
  {
    profile: 'JP_Patient',
    rule: 'names in kanji and kana, a half-width space between (R1113)',
    holds: (resource) =>
      valuesAt(resource, 'name.extension.valueCode').join() === 'IDE,SYL' &&
      valuesAt(resource, 'name.text').every((text) => /^[^ 　]+ [^ 　]+$/u.test(String(text))),
  },
  {
    profile: 'JP_Condition_eCS',
    rule: 'a MEDIS disease number of eight digits',
    holds: (resource) => /^\d{8}$/.test(String(valuesAt(resource, 'code.coding.code')[0])),
  },
  {
    profile: 'JP_Condition_eCS',
    rule: 'an end exactly where it is resolved',
    holds: (resource) =>
      (valuesAt(resource, 'clinicalStatus.coding.code')[0] === 'resolved') ===
      (resource.abatementDateTime !== undefined),
  },
  {
    profile: 'JP_Observation_LabResult_eCS',
    rule: 'the local code, and one national code of the core or infection list (R6021)',
    holds: (resource) =>
      countOf(resource, 'code.coding.system', localCode) === 1 &&
      valuesAt(resource, 'code.coding.system').filter((system) => laboratoryItem.test(String(system)))
        .length === 1,
  },
  {
    profile: 'JP_MedicationRequest_eCS',
    rule: 'completed order with RP number, order in RP, and one drug code or NOCODED (R3010)',
    holds: (resource) =>
      resource.status === 'completed' &&
      resource.intent === 'order' &&
      valuesAt(resource, 'identifier').length === 3 &&
      valuesAt(resource, 'medicationCodeableConcept.coding.system').filter((one) =>
        drugCode.test(String(one)),
      ).length === 1,
  },
  {
    profile: 'JP_Observation_VitalSigns',
    rule: 'two categories',
    holds: (resource) => valuesAt(resource, 'category').length === 2,
  },
  {
    profile: 'JP_DocumentReference_eCS',
    rule: 'a referral with its text inside or beside',
    holds: (resource) =>
      valuesAt(resource, 'type.coding.code').join() === '57133-1' &&
      valuesAt(resource, 'content.attachment.data').length +
        valuesAt(resource, 'content.attachment.url').length ===
        1,
  },
  {
    profile: 'care-level',
    rule: 'a code of the ministry’s table',
    holds: (resource) =>
      ['12', '13', '21', '22', '23', '24', '25'].includes(
        String(valuesAt(resource, 'valueCodeableConcept.coding.code')[0]),
      ),
  },
]
