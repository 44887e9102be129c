import { type Policy, policyFaults, policySchema, refuse } from '../vocabulary/index.ts'

/** Of the JSON of a policy. */
export const POLICY_LIMITS = { depthMax: 8, nodesMax: 20_000 }

/** A council's policy as it may be taken at `at`; refuses it whole, with every fault by its place. */
export function readPolicy(document: unknown, at: Date): Policy {
  const faults = policyFaults(document, at)
  if (faults.length > 0)
    throw refuse('policy-invalid', { faults: faults.map(({ at, ja, en }) => ({ at, ja, en })) })
  return policySchema.parse(document)
}
