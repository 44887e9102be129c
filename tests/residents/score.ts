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

const { truth: truthFile, links: linksFile } = values
if (truthFile === undefined || linksFile === undefined) {
  console.error(
    'node tests/residents/score.ts --truth truth.csv --links links.csv [--review review.csv] [--truth-id COLUMN] [--truth-cluster COLUMN] [--json]',
  )
  process.exit(2)
}

try {
  const report = score(truthFile, linksFile, values.review)
  console.log(values.json ? JSON.stringify(report) : printScore(report))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

function score(truthFile: string, linksFile: string, reviewFile: string | undefined): Report {
  const truth = readTruth(truthFile, values['truth-id'], values['truth-cluster'])
  const links = readLinks(linksFile, truth)
  const review =
    reviewFile === undefined ? { pairs: [], items: 0, unknown: 0 } : readReview(reviewFile, truth)
  return {
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
}
