import type { FhirResource } from 'fhir/r4.js'
import { momentAgo } from '../days.ts'
import { patientOf } from '../patient.ts'
import { allergiesIn } from './allergies.ts'
import { beyondIn } from './beyond.ts'
import { careLevelIn, homeVitalsIn } from './care.ts'
import type { Chart } from './chart.ts'
import { conditionsIn } from './conditions.ts'
import { laboratoryIn } from './laboratory.ts'
import { prescriptionsIn } from './prescriptions.ts'
import { referralIn } from './referral.ts'

/** A registration as its region's server holds it: the Patient first, then what is known of the person. */
export function writeChart(chart: Chart): FhirResource[] {
  return [
    patientOf(chart.registration, momentAgo(chart.today, chart.random.between(30, 600))),
    ...allergiesIn(chart),
    ...conditionsIn(chart),
    ...prescriptionsIn(chart),
    ...laboratoryIn(chart),
    ...careLevelIn(chart),
    ...homeVitalsIn(chart),
    ...referralIn(chart),
    ...beyondIn(chart),
  ]
}
