import { type Element, elementOf, listOf } from '../elements.ts'

/** The profiles a resource says it fits, without their versions: JP-CLINS compares what stands before `|`. */
export function profilesClaimed(resource: Element): string[] {
  return claims(resource).map(([profile]) => profile)
}

/** The IG version that a resource names for one of its profiles: `1.5.2` of `…/JP_Condition_eCS|1.5.2`. */
export function versionClaimed(resource: Element, profile: string): string | undefined {
  return claims(resource).find(([claimed, version]) => claimed === profile && version !== undefined)?.[1]
}

function claims(resource: Element): [profile: string, version: string | undefined][] {
  return listOf(elementOf(resource.meta)?.profile)
    .filter((profile) => typeof profile === 'string')
    .map((profile) => {
      const at = profile.indexOf('|')
      return at < 0 ? [profile, undefined] : [profile.slice(0, at), profile.slice(at + 1)]
    })
}
