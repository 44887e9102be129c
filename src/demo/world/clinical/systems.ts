/** Profiles and code systems that only the simulated regions write. JP Core 1.1.2, JP-CLINS 1.5.2. */
const CORE = 'http://jpfhir.jp/fhir/core'
const ECS = 'http://jpfhir.jp/fhir/eCS'
const CLINS = 'http://jpfhir.jp/fhir/clins'
const TSUNAGI = 'https://tsunagi.example'

export const PROFILES = {
  allergy: `${ECS}/StructureDefinition/JP_AllergyIntolerance_eCS`,
  condition: `${ECS}/StructureDefinition/JP_Condition_eCS`,
  laboratory: `${ECS}/StructureDefinition/JP_Observation_LabResult_eCS`,
  prescription: `${ECS}/StructureDefinition/JP_MedicationRequest_eCS`,
  document: `${ECS}/StructureDefinition/JP_DocumentReference_eCS`,
  encounter: `${CORE}/StructureDefinition/JP_Encounter`,
  practitioner: `${CORE}/StructureDefinition/JP_Practitioner`,
  vitalSigns: `${CORE}/StructureDefinition/JP_Observation_VitalSigns`,
  /** No national profile exists for it. */
  careLevel: `${TSUNAGI}/StructureDefinition/care-level`,
  /** Nor for what regions share beyond the national set. */
  beyond: `${TSUNAGI}/StructureDefinition/shared-item`,
} as const

export const CODES = {
  resourceInstance: `${CORE}/IdSystem/resourceInstance-identifier`,
  rpGroup: `${CORE}/mhlw/IdSystem/Medication-RPGroupNumber`,
  orderInRp: `${CORE}/mhlw/IdSystem/MedicationAdministrationIndex`,
  departmentExtension: `${ECS}/Extension/StructureDefinition/JP_eCS_Department`,
  department: 'http://jami.jp/SS-MIX2/CodeSystem/ClinicalDepartment',
  careProvider: `${TSUNAGI}/care-provider-number`,
  diseaseNumber: 'http://medis.or.jp/CodeSystem/master-disease-keyNumber',
  icd10: `${CORE}/mhlw/CodeSystem/ICD10-2013-full`,
  allergenDrug: `${CORE}/CodeSystem/YCM/JP_JfagyMedicationAllergen_CS`,
  allergenIngredient: `${CORE}/CodeSystem/GCM/JP_JfagyMedicationAllergen_CS`,
  allergenFood: `${CORE}/CodeSystem/JP_JfagyFoodAllergen_CS`,
  allergenOther: `${CORE}/CodeSystem/JP_JfagyNonFoodNonMedicationAllergen_CS`,
  snomed: 'http://snomed.info/sct',
  loinc: 'http://loinc.org',
  yj: 'http://capstandard.jp/iyaku.info/CodeSystem/YJ-code',
  drugUncoded: `${ECS}/CodeSystem/MedicationCodeNocoded_CS`,
  usageUncoded: `${CLINS}/CodeSystem/JP_CLINS_MedicationUsage_Uncoded_CS`,
  periodOfUse: `${CORE}/Extension/StructureDefinition/JP_MedicationDosage_PeriodOfUse`,
  usageDuration: `${CORE}/Extension/StructureDefinition/JP_MedicationDosage_UsageDuration`,
  dosageProfileStrength: `${CORE}/mhlw/CodeSystem/MedicationIngredientStrengthType`,
  drugUnit: `${CORE}/mhlw/CodeSystem/MedicationUnitMERIT9Code`,
  laboratoryLocal: `${CLINS}/CodeSystem/JP_CLINS_ObsLabResult_LocalCode_CS`,
  positiveNegative: 'http://jpfhir.jp/fhir/LaboResult/CodeSystem/JP_PosNegHold_CS',
  vitalCategory: `${CORE}/CodeSystem/JP_ObservationVitalSignsCategory_CS`,
  nursingObservation: 'http://medis.or.jp/CodeSystem/master-nursingObservationKeyCode',
  documentSubtype: 'http://jpfhir.jp/fhir/Common/CodeSystem/doc-subtypecodes',
  ucum: 'http://unitsofmeasure.org',
} as const
