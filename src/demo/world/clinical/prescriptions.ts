import type { Coding, Dosage, MedicationRequest } from 'fhir/r4.js'
import { dayAgo, momentAgo } from '../days.ts'
import { type Chart, stamp } from './chart.ts'
import { DRUGS, type Drug } from './drugs.ts'
import { CODES, PROFILES } from './systems.ts'

/** One prescription per region, each drug a group (RP) of its own. */
export function prescriptionsIn(chart: Chart): MedicationRequest[] {
  const daysAgo = chart.random.between(2, 60)
  return chart.plan.drugs.map((key, at) => prescriptionOf(chart, DRUGS[key], at + 1, daysAgo))
}

function prescriptionOf(chart: Chart, drug: Drug, rp: number, daysAgo: number): MedicationRequest {
  const { identifier, ...stamped } = stamp(chart, PROFILES.prescription, chart.clinic, daysAgo)
  return {
    resourceType: 'MedicationRequest',
    ...stamped,
    identifier: [
      { system: CODES.rpGroup, value: String(rp) },
      { system: CODES.orderInRp, value: '1' },
      ...identifier,
    ],
    status: 'completed',
    intent: 'order',
    medicationCodeableConcept: { coding: [codingOf(drug)], text: drug.name },
    subject: chart.subject,
    authoredOn: momentAgo(chart.today, daysAgo, '11:20:00'),
    requester: { display: chart.clinic.name },
    dosageInstruction: [dosageOf(chart, drug, daysAgo)],
    dispenseRequest: {
      quantity: tablets(drug.tabletsADay * drug.days),
      expectedSupplyDuration: { value: drug.days, unit: '日', system: CODES.ucum, code: 'd' },
    },
  }
}

function codingOf({ yj, name }: Drug): Coding {
  if (yj === undefined) return { system: CODES.drugUncoded, code: 'NOCODED', display: '標準コードなし' }
  return { system: CODES.yj, code: yj, display: name }
}

/** The usage has the national dummy code: no table of prescription usages came with the project. */
function dosageOf(chart: Chart, drug: Drug, daysAgo: number): Dosage {
  const text = `内服・経口・${drug.usage}`
  return {
    extension: [
      { url: CODES.periodOfUse, valuePeriod: { start: dayAgo(chart.today, daysAgo) } },
      {
        url: CODES.usageDuration,
        valueDuration: { value: drug.days, unit: '日', system: CODES.ucum, code: 'd' },
      },
    ],
    text,
    timing: {
      code: {
        coding: [{ system: CODES.usageUncoded, code: '0X0XXXXXXXXX0000', display: 'ダミー用法コード' }],
        text,
      },
    },
    doseAndRate: [
      {
        type: { coding: [{ system: CODES.dosageProfileStrength, code: '1', display: '製剤量' }] },
        doseQuantity: tablets(1),
      },
    ],
  }
}

function tablets(value: number) {
  return { value, unit: '錠', system: CODES.drugUnit, code: 'TAB' }
}
