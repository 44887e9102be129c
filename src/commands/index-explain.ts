import { readHubConfig } from '../config.ts'
import { explainPair, FIELD_WORDS, type PairExplanation, RULE_WORDS, VETO_WORDS } from '../identity/index.ts'
import { openMigratedDatabase } from '../open-database.ts'
import { nameOf, readRegistration } from './index-arguments.ts'

const BAR_BITS = 2

/** Says why two registrations are held to be one person, or are not: field by field, and in a sentence. */
export async function explainIndex(
  left: string,
  right: string,
  options: { json?: boolean },
): Promise<number> {
  const [a, b] = [readRegistration(left), readRegistration(right)]
  await using database = await openMigratedDatabase(readHubConfig(), 'tsunagi_hub', ['shared', 'hub'])
  const explained = await explainPair(database.db, a, b)
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify({ a: nameOf(a), b: nameOf(b), ...explained })}\n`)
  } else {
    process.stdout.write(explanationLines(explained).join('\n'))
  }
  return 0
}

/** Bits as bars, one under the other: to the right what speaks for one person, to the left what speaks against. */
export function explanationLines(explained: PairExplanation): string[] {
  const { pair, columns, model, sentence, passes, vetoes, runnerUp, compared } = explained
  const { prior, person, household, total } = pair.bits
  const fields = Object.entries(pair.fields).map(([field, { level, bits, rarity }]) => {
    const word = columns[field] ?? FIELD_WORDS[field] ?? field
    const own = rarity === undefined ? '' : `（珍しさ rarity ${bitsText(rarity).trim()}）`
    return `  ${bitsText(bits)}  ${word} ${level}${own}  ${barOf(bits)}`
  })
  return [
    sentence,
    '',
    `  ${bitsText(prior)}  前提 prior`,
    ...fields,
    `  ${bitsText(total)}  合計 total（本人 person ${person}、世帯 household ${household}）`,
    `  確率 posterior ${pair.posterior.toPrecision(6)}、モデル model ${model}`,
    ...(pair.rule === undefined ? [] : [`  規則 rule ${pair.rule}: ${RULE_WORDS[pair.rule]}`]),
    ...(pair.rule === undefined ? ['  規則 rule: どれにも当たらない none holds'] : []),
    ...pair.vetoes.map((veto) => `  保留 veto ${veto}: ${VETO_WORDS[veto]}`),
    `  確かめた禁止 vetoes checked: ${vetoes.map(({ veto, forbids }) => (forbids ? `${veto} 該当 forbids` : veto)).join(', ')}`,
    `  比べるきっかけ met by: ${passes.length === 0 ? 'なし nothing; the two are never compared' : passes.join(', ')}`,
    runnerUp === undefined
      ? `  他に比べた登録はない。 Nobody else was compared.`
      : `  次に似た登録 runner-up: ${nameOf(runnerUp.registration)}, ${runnerUp.decision}, ${bitsText(runnerUp.bits).trim()} bits${runnerUp.isOfThem ? '（同じ人の登録 of the same persons）' : ''}; ${compared} 件を比べた compared`,
    '',
  ]
}

function bitsText(bits: number): string {
  return (bits > 0 ? `+${bits.toFixed(1)}` : bits.toFixed(1)).padStart(6)
}

function barOf(bits: number): string {
  return (bits < 0 ? '◀' : '▶').repeat(Math.round(Math.abs(bits) / BAR_BITS))
}
