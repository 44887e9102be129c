import type { OperationOutcome } from 'fhir/r4.js'
import { findRegion, type Registry } from '../registry/index.ts'
import { SYSTEMS } from '../vocabulary/index.ts'
import type { StatedConsent } from './read-consent.ts'

/** Kept all the same: of what a resident refuses nothing is turned away. */
const TEXT =
  '拒否された機関または地域が登録されていません。拒否は記録しました。番号が正しいか確かめてください。' +
  ' A refused institution or region is not on record here. The refusal is kept as it stands; check the number.'

/** A Consent that was read, as far as it names whom the resident keeps everything from. */
interface Refusing {
  provision: {
    provision?: { actor?: { reference: { identifier: { system: string; value: string } } }[] }[]
  }
}

/** Where a consent refuses institutions and regions that nobody knows, and so would refuse nobody. */
export function unknownRefusals({ status, resource }: StatedConsent, register: Registry): string[] {
  if (status !== 'active') return []
  const { provision } = JSON.parse(resource) as Refusing
  return (provision.provision ?? []).flatMap(({ actor = [] }, denial) =>
    actor.flatMap(({ reference: { identifier } }, place) =>
      isKnown(identifier, register)
        ? []
        : [`Consent.provision.provision[${denial}].actor[${place}].reference.identifier`],
    ),
  )
}

/** A warning for each, instead of the resource that was sent. */
export function unknownRefusalsOutcome(places: readonly string[]): OperationOutcome {
  return {
    resourceType: 'OperationOutcome',
    issue: places.map((place) => ({
      severity: 'warning',
      code: 'not-found',
      details: { coding: [{ system: SYSTEMS.refusal, code: 'refused-unknown' }], text: TEXT },
      expression: [place],
    })),
  }
}

function isKnown({ system, value }: { system: string; value: string }, register: Registry): boolean {
  return system === SYSTEMS.region
    ? findRegion(register, value) !== undefined
    : register.institutions.has(value)
}
