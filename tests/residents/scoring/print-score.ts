import type { Recall, Score } from './score-links.ts'

export interface Report extends Score {
  recordsWithoutLink: number
  unknownLinks: number
  reusedIdsLeftOut: number
  review: { pairs: number; items: number; itemsPer1000Records: number; right: number; unknown: number }
}

const CAUSES_PRINTED = 25

/** The score for people. */
export function printScore(report: Report): string {
  const { recall, soundRecall, soundConfirmedRecall, review } = report
  return [
    `records ${report.records}   persons ${report.persons}   auto-links ${report.autoLinks}   without a link row ${report.recordsWithoutLink}   unknown ${report.unknownLinks}   ids re-used, left out ${report.reusedIdsLeftOut}`,
    `wrong per million auto-links   ${report.wrongPerMillionLinks.toFixed(1)}   (${report.wrongLinks}; at most ${report.wrongPerMillionLinksUpper95.toFixed(1)} at 95 %)`,
    `people in mixed clusters       ${report.personsMixedPerMillion.toFixed(1)} per million`,
    `precision ${percent(report.precision)}   B³ ${percent(report.bCubed.precision)} / ${percent(report.bCubed.recall)}`,
    `recall                         ${shares(recall)}`,
    `recall, sound                  ${shares(soundRecall)}`,
    `recall, sound and confirmed    ${shares(soundConfirmedRecall)}`,
    `review                         ${review.itemsPer1000Records.toFixed(2)} items per 1,000 records (${review.items} items, ${review.pairs} pairs, ${review.right} of them right)`,
    ...(report.wrongByCause.length > 0 ? ['', 'wrong links by cause'] : []),
    ...report.wrongByCause.map(
      ({ cause, pairs, examples }) => `${count(pairs)}  ${cause}   ${example(examples)}`,
    ),
    ...(report.missedByCombination.length > 0 ? ['', 'missed links by what stands between'] : []),
    ...report.missedByCombination
      .slice(0, CAUSES_PRINTED)
      .map(({ cause, pairs, examples }) => `${count(pairs)}  ${cause}   ${example(examples)}`),
    ...(report.missedByCause.length > 0 ? ['', 'missed of the true pairs a cause touches'] : []),
    ...report.missedByCause
      .slice(0, CAUSES_PRINTED)
      .map(
        ({ cause, pairs, missed }) => `${count(missed)} of ${pairs} (${percent(missed / pairs)})  ${cause}`,
      ),
  ].join('\n')
}

function shares({ pairs, auto, withReview }: Recall): string {
  if (pairs === 0) return 'no such pairs'
  return `${percent(auto / pairs)} auto, ${percent(withReview / pairs)} with review, of ${pairs} pairs`
}

function percent(share: number): string {
  return `${(share * 100).toFixed(3)} %`
}

function count(pairs: number): string {
  return String(pairs).padStart(8)
}

function example(examples: readonly [string, string][]): string {
  return examples
    .slice(0, 2)
    .map(([one, other]) => `[${one} | ${other}]`)
    .join(' ')
}
