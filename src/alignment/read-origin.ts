import { SYSTEMS } from '../vocabulary/index.ts'
import { type Element, elementOf, elementsOf, textOf } from './elements.ts'
import { displayOf } from './read-concept.ts'

/** The institution that wrote a resource, as the resource itself says. */
export interface Origin {
  /** The ten digits of JP-CLINS' JP_eCS_InstitutionNumber. */
  number: string | undefined
  name: string | undefined
}

export function readOrigin(resource: Element): Origin {
  const extension = elementsOf(resource.extension).find(
    ({ url }) => url === SYSTEMS.institutionNumberExtension,
  )
  const encounter = elementsOf(resource.contained).find(({ resourceType }) => resourceType === 'Encounter')
  return {
    number: textOf(elementOf(extension?.valueIdentifier)?.value),
    name: displayOf(resource.custodian) ?? displayOf(encounter?.serviceProvider),
  }
}

/** 長期保存; 未告知 (not yet told to the patient); 未提供 (given to nobody). JP-CLINS 1.5.2, JP_ehrshrs_indication. */
export const NATIONAL_FLAGS = ['LTS', 'UNINFORMED', 'UNDELIVERED'] as const
export type NationalFlag = (typeof NATIONAL_FLAGS)[number]

/** The national flags a resource carries, whatever else its tags say. Any JSON may be given. */
export function flagsOf(resource: unknown): NationalFlag[] {
  const tags = elementsOf(elementOf(elementOf(resource)?.meta)?.tag)
  return NATIONAL_FLAGS.filter((flag) =>
    tags.some(({ system, code }) => system === SYSTEMS.nationalFlag && code === flag),
  )
}
