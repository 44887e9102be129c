/** A patient as a region numbers them. */
export interface PatientId {
  region: string
  localId: string
}

/** One string for both. A region's id holds no space, and nothing sorts before one, so refs sort as the pairs do. */
export function refOf({ region, localId }: PatientId): string {
  return `${region} ${localId}`
}

export function patientIdOf(ref: string): PatientId {
  const space = ref.indexOf(' ')
  return { region: ref.slice(0, space), localId: ref.slice(space + 1) }
}

/** Two refs as PostgreSQL orders text byte by byte, which is not how JavaScript does. */
export function inOrder(a: string, b: string): [string, string] {
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0 ? [a, b] : [b, a]
}
