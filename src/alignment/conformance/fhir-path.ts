import { type R4Member, r4Type } from './r4-elements.ts'

const STEP = /^(\w+)((?:\[\d+\])?)$/

/** A place by FHIRPath's names where it was told by JSON's: `Observation.value` for `Observation.valueQuantity`. */
export function fhirPathOf(place: string): string {
  const [root = '', ...steps] = place.split('.')
  let type: string | undefined = root
  let path = root
  for (const step of steps) {
    const [, name = '', index = ''] = STEP.exec(step) ?? []
    const member: R4Member | undefined = type === undefined ? undefined : r4Type(type)?.byKey.get(name)
    path += member === undefined ? `.${step}` : `${member.element.step}${index}`
    type = member?.type
  }
  return path
}
