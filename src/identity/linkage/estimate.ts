import { bulkLink } from './bulk-link.ts'
import type { Columns } from './columns.ts'
import { countFrequencies, significant } from './count-frequencies.ts'
import { ofSamePersons } from './estimate-same.ts'
import { ofStrangers } from './estimate-strangers.ts'
import type { Probabilities } from './expect-maximise.ts'
import { FIELDS, type Field, LEVELS } from './levels.ts'
import { type LevelWeights, type ModelFile, readModel } from './model.ts'
import { MODELS } from './models.ts'

export interface EstimateOptions {
  name: string
  /** Registrations and people that the model is for; the columns may be a sample of them. All that there are. */
  registrations?: number | undefined
  persons?: number | undefined
  seed?: number | undefined
  /** Ten million find what one pair of strangers in a million shares. */
  randomPairs?: number | undefined
}

/** Among few registrations there are not so many. */
const PAIRS_MAX = 10_000_000

/** What the rules link of all true pairs, about: a factor of two would be one bit. */
const RULES_FIND = 0.85

/**
 * A model whose weights come from the registrations themselves: names counted, u from pairs drawn at random, m by EM
 * in blocked sessions, the prior from what the rules link. Bounds, thresholds and rules stay as they are in `base`.
 * The same registrations give the same model, in whatever order they come.
 */
export async function estimateModel(
  columns: Columns,
  base: ModelFile,
  { name, registrations = columns.count, persons, seed = 1, randomPairs = PAIRS_MAX }: EstimateOptions,
): Promise<ModelFile> {
  const share = columns.count / registrations
  const model = readModel(base)
  const { cluster } = await bulkLink(columns, { ...MODELS, [base.kind]: model })
  const all = (columns.count * (columns.count - 1)) / 2
  const u = ofStrangers(columns, cluster, { seed, randomPairs: Math.min(all, randomPairs), share })
  const m = ofSamePersons(columns, model, u)
  const truePairs = Math.max(1, Math.round(linkedPairs(cluster) / RULES_FIND / share))
  return {
    ...base,
    name,
    population: { registrations, persons: persons ?? peopleIn(cluster), truePairs },
    fields: Object.fromEntries(FIELDS.map((field) => [field, weightsOf(base, field, m, u)])),
    frequencies: countFrequencies(columns),
  }
}

/** A field of which the registrations say nothing keeps what it had. */
function weightsOf(
  base: ModelFile,
  field: Field,
  m: Partial<Probabilities>,
  u: Partial<Probabilities>,
): Record<string, LevelWeights> {
  const known = Object.entries(base.fields[field] ?? {})
  const [same, strangers] = [m[field], u[field]]
  if (same === undefined || strangers === undefined) return Object.fromEntries(known)
  const names: readonly string[] = LEVELS[field]
  return Object.fromEntries(
    known.map(([name, level]) => {
      const at = names.indexOf(name)
      return [
        name,
        { ...level, m: significant(same[at] ?? level.m), u: significant(strangers[at] ?? level.u) },
      ]
    }),
  )
}

function peopleIn(cluster: Uint32Array): number {
  return cluster.reduce((count, top, place) => count + (top === place ? 1 : 0), 0)
}

function linkedPairs(cluster: Uint32Array): number {
  const sizes = new Uint32Array(cluster.length)
  for (const top of cluster) sizes[top] = (sizes[top] as number) + 1
  let pairs = 0
  for (const size of sizes) pairs += (size * (size - 1)) / 2
  return pairs
}
