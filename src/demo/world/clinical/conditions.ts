import type { CodeableConcept, Condition } from 'fhir/r4.js'
import { SYSTEMS } from '../../../vocabulary/index.ts'
import { dayAgo } from '../days.ts'
import { type Chart, doctorOf, encounterAt, stamp } from './chart.ts'
import { DISEASES, type DiseaseKey } from './diseases.ts'
import type { PlannedCondition } from './plan.ts'
import { CODES, PROFILES } from './systems.ts'

const FLAG_NAMES = { UNINFORMED: '未告知', UNDELIVERED: '未提供' } as const

export function conditionsIn(chart: Chart): Condition[] {
  return chart.plan.conditions.map((condition) => conditionOf(chart, condition))
}

function conditionOf(chart: Chart, { disease, state, flag }: PlannedCondition): Condition {
  const institution = chart.random.chance(0.5) ? chart.hospital : chart.clinic
  const onset = chart.random.between(40, 2500)
  const written = Math.max(20, onset - 3)
  const { meta, ...stamped } = stamp(chart, PROFILES.condition, institution, written)
  const tag = flag && [{ system: SYSTEMS.nationalFlag, code: flag, display: FLAG_NAMES[flag] }]
  return {
    resourceType: 'Condition',
    ...stamped,
    meta: { ...meta, ...(tag ? { tag } : {}) },
    contained: [encounterAt(chart, institution, written), doctorOf(institution)],
    clinicalStatus: status('condition-clinical', state === 'resolved' ? 'resolved' : 'active'),
    verificationStatus: status('condition-ver-status', state === 'suspected' ? 'unconfirmed' : 'confirmed'),
    category: [status('condition-category', 'encounter-diagnosis')],
    code: codeOf(disease, state === 'suspected'),
    subject: chart.subject,
    encounter: { reference: '#encounter' },
    onsetDateTime: dayAgo(chart.today, onset),
    ...(state === 'resolved' ? { abatementDateTime: dayAgo(chart.today, written - 10) } : {}),
    recordedDate: dayAgo(chart.today, written),
    recorder: { reference: '#doctor' },
  }
}

/** The MEDIS disease number is required; all nines say that the disease was not coded. */
function codeOf(disease: DiseaseKey, suspected: boolean): CodeableConcept {
  const { name, keyNumber, icd10 } = DISEASES[disease]
  const medis = keyNumber
    ? { code: keyNumber, display: name }
    : { code: '99999999', display: '未コード化傷病名' }
  return {
    coding: [
      { system: CODES.diseaseNumber, ...medis },
      { system: CODES.icd10, code: icd10, display: name },
    ],
    text: suspected ? `${name}の疑い` : name,
  }
}

function status(table: string, code: string): CodeableConcept {
  return { coding: [{ system: `http://terminology.hl7.org/CodeSystem/${table}`, code }] }
}
