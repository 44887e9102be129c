import { join } from 'node:path'
import { makeHousehold } from '../population/make-household.ts'
import type { Draft } from '../sources/draft.ts'
import { openRegions } from '../sources/make-records.ts'
import { encodeCp932 } from './cp932.ts'
import { CSV_HEADER, csvLine, loseBeyondCp932 } from './csv-line.ts'
import { fhirLine } from './fhir-line.ts'
import { openLines } from './line-writer.ts'
import { TRUTH_HEADER, truthLine } from './truth-line.ts'

export interface Order {
  persons: number
  seed: number
  regions: number
  out: string
  format: 'ndjson' | 'csv'
  encoding: 'utf-8' | 'cp932'
}

export interface RegionFile {
  id: string
  patientSystem: string
  file: string
  records: number
}

/** Writes the regions' files and the truth, a household at a time. Same order, same bytes. */
export function generate(order: Order): {
  persons: number
  records: number
  regions: RegionFile[]
  truth: string
} {
  using open = new DisposableStack()
  const regions = Array.from({ length: order.regions }, (_, index) => openRegionFile(open, order, index))
  const truth = open.use(openLines(join(order.out, 'truth.csv'), encodeUtf8))
  truth.write(TRUTH_HEADER)
  const { recordsOf } = openRegions(order.seed, order.regions)
  let persons = 0
  for (let household = 0; persons < order.persons; household++) {
    const members = makeHousehold(order.seed, household).slice(0, order.persons - persons)
    persons += members.length
    for (const { region, draft } of recordsOf(members, household)) {
      const file = regions[region] as (typeof regions)[number]
      file.write(draft)
      truth.write(truthLine(file.described.id, draft))
    }
  }
  const described = regions.map(({ described }) => described)
  const records = described.reduce((sum, region) => sum + region.records, 0)
  return { persons, records, regions: described, truth: 'truth.csv' }
}

function openRegionFile(open: DisposableStack, { out, format, encoding }: Order, index: number) {
  const id = `region-${index + 1}`
  const described: RegionFile = {
    id,
    patientSystem: `https://${id}.example/patient-id`,
    file: `${id}.${format}`,
    records: 0,
  }
  const lines = open.use(
    openLines(join(out, described.file), encoding === 'cp932' ? encodeCp932 : encodeUtf8),
  )
  if (format === 'csv') lines.write(CSV_HEADER)
  return {
    described,
    write(draft: Draft) {
      described.records++
      if (encoding === 'cp932') loseBeyondCp932(draft)
      lines.write(format === 'csv' ? csvLine(draft, index) : fhirLine(draft, described.patientSystem))
    },
  }
}

const utf8 = new TextEncoder()

function encodeUtf8(text: string): Uint8Array {
  return utf8.encode(text)
}
