import { parseArgs } from 'node:util'
import { readLinks, readReview } from './scoring/links.ts'
import { printScore, type Report } from './scoring/print-score.ts'
import { scoreLinks } from './scoring/score-links.ts'
import { readTruth } from './scoring/truth.ts'

const { values } = parseArgs({
  options: {
    truth: { type: 'string' },
    links: { type: 'string' },
    review: { type: 'string' },
    'truth-id': { type: 'string', default: 'local_id' },
    'truth-cluster': { type: 'string', default: 'person' },
    json: { type: 'boolean', default: false },
  },
})

if (values.truth === undefined || values.links === undefined) {
  console.error(
    'node tests/residents/score.ts --truth truth.csv --links links.csv [--review review.csv] [--truth-id COLUMN] [--truth-cluster COLUMN] [--json]',
  )
  process.exit(2)
}

const truth = readTruth(values.truth, values['truth-id'], values['truth-cluster'])
const links = readLinks(values.links, truth)
const review =
  values.review === undefined ? { pairs: [], items: 0, unknown: 0 } : readReview(values.review, truth)
const report: Report = {
  ...scoreLinks(truth, links, review.pairs),
  recordsWithoutLink: links.cluster.filter((group) => group === 0).length,
  unknownLinks: links.unknown,
  reusedIdsLeftOut: truth.reusedIds,
  review: {
    pairs: review.pairs.length,
    items: review.items,
    itemsPer1000Records: (review.items / truth.records) * 1000,
    right: review.pairs.filter(([one, other]) => truth.person[one] === truth.person[other]).length,
    unknown: review.unknown,
  },
}
console.log(values.json ? JSON.stringify(report) : printScore(report))
