import type { PatientId } from '../identity/index.ts'
import { regionIdSchema } from '../trust/index.ts'
import { UsageError } from './usage-error.ts'

/** A registration as it is named on the command line. */
export function readRegistration(text: string): PatientId {
  const colon = text.indexOf(':')
  const [region, localId] = [text.slice(0, colon), text.slice(colon + 1)]
  if (colon < 1 || localId === '' || localId.length > 128 || !regionIdSchema.safeParse(region).success) {
    throw new UsageError(
      `${text}: 登録は「地域ID:患者ID」で指定してください（例 minato:A-17）。 Name a registration as REGION:ID, such as minato:A-17.`,
    )
  }
  return { region, localId }
}

export function nameOf({ region, localId }: PatientId): string {
  return `${region}:${localId}`
}
