import table from '../rules/code-systems.json' with { type: 'json' }

const URL_OF = new Map(
  table.systems.flatMap(({ url, aliases }) => aliases.map((alias) => [alias, url] as const)),
)
const OID_OF = new Map(
  table.systems.flatMap(({ url, aliases }) => {
    const oid = aliases.find((alias) => alias.startsWith('urn:oid:'))
    return oid === undefined ? [] : [[url, oid] as const]
  }),
)

/** The URL by which a national system is known since JP-CLINS 1.5.0; undefined for what is no older name of one. */
export function urlOfAlias(system: string): string | undefined {
  return URL_OF.get(system)
}

/** A system by its present URL, whatever it was called. */
export function presentSystem(system: string): string {
  return URL_OF.get(system) ?? system
}

/** The OID by which a receiver of before 1.5.0 knows a system. */
export function oidOf(url: string): string | undefined {
  return OID_OF.get(url)
}
