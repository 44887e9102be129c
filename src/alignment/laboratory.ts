import { SYSTEMS } from '../vocabulary/index.ts'
import type { Element } from './elements.ts'
import table from './rules/laboratory.json' with { type: 'json' }

interface Group {
  /** The name JP-CLINS shows for every code of the group. */
  name: string
  codes: string[]
}

export interface LaboratoryGroup {
  /** `ALB`, `HBs-AG-COI` */
  group: string
  name: string
  isInfection: boolean
}

const [CORE_JLAC10] = SYSTEMS.coreLaboratory
const [INFECTION_JLAC10] = SYSTEMS.infectionLaboratory

const GROUPS = new Map<string, LaboratoryGroup>([...read(table.core, false), ...read(table.infection, true)])

function read(groups: Record<string, Group>, isInfection: boolean): [string, LaboratoryGroup][] {
  return Object.entries(groups).flatMap(([group, { name, codes }]) =>
    codes.map((code): [string, LaboratoryGroup] => [code, { group, name, isInfection }]),
  )
}

/** The designated national item a JLAC10 code of 17 characters belongs to. */
export function laboratoryGroup(jlac10: string): LaboratoryGroup | undefined {
  return GROUPS.get(jlac10)
}

/** The national code system of a group's JLAC10 codes. */
export function groupSystem({ isInfection }: LaboratoryGroup): string {
  return isInfection ? INFECTION_JLAC10 : CORE_JLAC10
}

const NAMES = new Map([...GROUPS.values()].map((group) => [group.name, group]))
const ANALYTES = new Set([...GROUPS].map(([code, { isInfection }]) => `${isInfection} ${code.slice(0, 5)}`))

/** What can be said of a coding in one of the two national laboratory systems by JLAC10; undefined for any other. */
export function judgeDesignated({ system, code, display }: Element): DesignatedCode | undefined {
  if (system !== CORE_JLAC10 && system !== INFECTION_JLAC10) return undefined
  const isInfection = system === INFECTION_JLAC10
  const group = GROUPS.get(String(code))
  const named = typeof display === 'string' ? NAMES.get(display.normalize('NFKC')) : undefined
  return {
    isInfection,
    isListed: group?.isInfection === isInfection,
    isAnalyteKnown: ANALYTES.has(`${isInfection} ${String(code).slice(0, 5)}`),
    isNamedOtherwise: group !== undefined && named !== undefined && named.name !== group.name,
  }
}

/** The designated item of a coding in one of the two national laboratory systems, where it is on their lists. */
export function designatedItem({ system, code }: Element): string | undefined {
  if (system !== CORE_JLAC10 && system !== INFECTION_JLAC10) return undefined
  const group = GROUPS.get(String(code))
  return group?.isInfection === (system === INFECTION_JLAC10) ? group.group : undefined
}

export interface DesignatedCode {
  isInfection: boolean
  /** On the list of 1.5.2. Later lists are not known; they have other codes of the same analytes. */
  isListed: boolean
  /** By the first five characters of JLAC10. */
  isAnalyteKnown: boolean
  /** The display is the name of another group. */
  isNamedOtherwise: boolean
}
