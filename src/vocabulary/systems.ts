/** Identifier and code systems, by the name the project uses for each. */
export const SYSTEMS = {
  /** JP-CLINS 1.5: `insurer(8):symbol:number:branch`. The lower-case s in `Idsystem` is the guide's own. */
  insuredNumber: 'http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_memberID',
  /** JP-CLINS 1.5: `payer(8)::recipient(7):`. */
  publicPayerNumber: 'http://jpfhir.jp/fhir/clins/Idsystem/JP_PublicPayer_memberID',
  /** JP Core has none for care insurance: `insurer(6):number(10)`. */
  careInsuredNumber: 'https://tsunagi.example/care-insured-number',
  /** 個人番号 and 医療等ID: nobody has published a system for either. Only their keyed form is ever kept. */
  myNumber: 'https://tsunagi.example/my-number',
  medicalId: 'https://tsunagi.example/medical-id',
  institutionNumber: 'http://jpfhir.jp/fhir/core/IdSystem/insurance-medical-institution-no',
  institutionNumberExtension:
    'http://jpfhir.jp/fhir/clins/Extension/StructureDefinition/JP_eCS_InstitutionNumber',
  /** HL7 v2 table 0203; NI: a number that is one person's own wherever it appears. */
  identifierType: 'http://terminology.hl7.org/CodeSystem/v2-0203',
  /** The columns of data that are not Japanese residents', as extensions of a Patient. */
  generalData: 'https://tsunagi.example/StructureDefinition/general-data',
  nameRepresentation: 'http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation',
  coreLaboratory: [
    'http://jpfhir.jp/fhir/clins/CodeSystem/JLAC10/JP_CLINS_ObsLabResult_CoreLabo_CS',
    'http://jpfhir.jp/fhir/clins/CodeSystem/JLAC11/JP_CLINS_ObsLabResult_CoreLabo_CS',
  ],
  infectionLaboratory: [
    'http://jpfhir.jp/fhir/clins/CodeSystem/JLAC10/JP_CLINS_ObsLabResult_InfectionLabo_CS',
    'http://jpfhir.jp/fhir/clins/CodeSystem/JLAC11/JP_CLINS_ObsLabResult_InfectionLabo_CS',
  ],
  observationCategory: 'http://jpfhir.jp/fhir/core/CodeSystem/JP_SimpleObservationCategory_CS',
  documentType: 'http://jpfhir.jp/fhir/Common/CodeSystem/doc-typecodes',
  nationalFlag: 'http://jpfhir.jp/fhir/clins/CodeSystem/JP_ehrshrs_indication',
  careLevel: 'https://tsunagi.example/CodeSystem/care-level',
  item: 'https://tsunagi.example/CodeSystem/item',
  refusal: 'https://tsunagi.example/CodeSystem/refusal',
  sourceState: 'https://tsunagi.example/CodeSystem/source-state',
  completeness: 'https://tsunagi.example/CodeSystem/completeness',
  region: 'https://tsunagi.example/CodeSystem/region',
  profession: 'https://tsunagi.example/CodeSystem/profession',
  post: 'https://tsunagi.example/CodeSystem/post',
  visitKind: 'https://tsunagi.example/CodeSystem/visit-kind',
  consentForm: 'https://tsunagi.example/consent-form',
  /** 支援措置: the person's records cross no region unless their own recorded wish says so. */
  protection: 'https://tsunagi.example/CodeSystem/protection',
  /** The opaque handle the hub gives for a person who is not registered with the asker. */
  handle: 'https://tsunagi.example/handle',
  purpose: 'http://terminology.hl7.org/CodeSystem/v3-ActReason',
} as const
