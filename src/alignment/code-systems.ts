import { SYSTEMS } from '../vocabulary/index.ts'

/** JLAC10 by its URL and, as sent before JP-CLINS 1.5.0, by its OID. */
export const JLAC10 = [
  'http://medis.or.jp/CodeSystem/master-JLAC10-17digits',
  'urn:oid:1.2.392.200119.4.504',
] as const

export const OBSERVATION_CATEGORY = [
  SYSTEMS.observationCategory,
  'http://terminology.hl7.org/CodeSystem/observation-category',
] as const

/** JP-CLINS 1.5 document types; the codes are LOINC's, and older senders name LOINC itself. */
export const DOCUMENT_TYPE = [SYSTEMS.documentType, 'http://loinc.org'] as const

/** J-FAGY drug allergens: by product (YCM) and by ingredient (GCM). */
export const DRUG_ALLERGEN = [
  'http://jpfhir.jp/fhir/core/CodeSystem/YCM/JP_JfagyMedicationAllergen_CS',
  'http://jpfhir.jp/fhir/core/CodeSystem/GCM/JP_JfagyMedicationAllergen_CS',
] as const

export const SNOMED = 'http://snomed.info/sct'
export const IPS_ABSENT = 'http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips'
