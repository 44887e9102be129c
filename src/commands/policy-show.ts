import { readHubConfig } from '../config.ts'
import { openMigratedDatabase } from '../open-database.ts'
import { describePolicy, findPolicy, findRegion, POLICY_WHEN_NONE, readRegistry } from '../registry/index.ts'
import { DEFAULT_POLICY, type Policy, policySchema, refuse } from '../vocabulary/index.ts'

/** Prints a region's policy in force, or the default, as tables for people, or as the JSON a council sends. */
export async function showPolicy(region: string | undefined, options: { json?: boolean }): Promise<number> {
  const policy = region === undefined ? DEFAULT_POLICY : await policyOf(region)
  process.stdout.write(
    options.json === true ? `${JSON.stringify(policy, undefined, 2)}\n` : describePolicy(policy),
  )
  return 0
}

async function policyOf(region: string): Promise<Policy> {
  await using database = await openMigratedDatabase(readHubConfig(), 'tsunagi_hub', ['shared', 'hub'])
  const registry = await readRegistry(database.db)
  if (findRegion(registry, region) === undefined) throw refuse('region-unknown')
  const document = findPolicy(registry, region, new Date())?.document ?? POLICY_WHEN_NONE
  // The database keeps no order of names; people look for them in the schema's.
  return policySchema.safeParse(document).data ?? document
}
