import { demographicsOf } from '../normalise/demographics-of-patient.ts'
import { patientSchema } from '../patient-schema.ts'

/** What a clerk compares, as the region wrote it. */
export interface ShownValues {
  surname: string[]
  given: string[]
  birthDate: string | null
  sex: string | null
  insured: string[]
  address: string[]
  phone: string[]
}

/** The values of a registration, from the Patient as it was sent. */
export function shownValues(source: string): ShownValues {
  const patient = patientSchema.parse(JSON.parse(source))
  const { names, insured, addresses, phones } = demographicsOf(patient)
  return {
    surname: distinct(names.map(({ family, whole }) => family ?? whole)),
    given: distinct(names.map(({ given }) => given?.join(' '))),
    birthDate: patient.birthDate ?? null,
    sex: patient.gender ?? null,
    insured: distinct(insured.map(({ value }) => value)),
    address: distinct(
      addresses.map(({ postalCode, prefecture, city, text }) =>
        [postalCode, prefecture, city, text].filter((part) => part !== undefined).join(' '),
      ),
    ),
    phone: distinct(phones),
  }
}

function distinct(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values.filter((value) => value !== undefined && value !== ''))] as string[]
}
