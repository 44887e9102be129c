export type { JointChange } from './act-together.ts'
export type { AskedRow, Question } from './ask-store.ts'
export { type AskingEnv, authenticate, type SignedEnv } from './authenticate.ts'
export { addKey, retireKey } from './change-keys.ts'
export {
  endAgreement,
  endMembership,
  type NewRegion,
  POLICY_WHEN_NONE,
  putAgreement,
  putInstitution,
  putRegion,
  recordPolicy,
  setStage,
} from './change-region.ts'
export { deliverNotices, startNotices } from './deliver-notices.ts'
export { describePolicy } from './describe-policy.ts'
export {
  bumpEpoch,
  bumpEpochs,
  type EpochKind,
  type EpochName,
  epochOf,
  epochsHold,
  readEpochs,
} from './epochs.ts'
export {
  DIRECTORY_AUDIENCE,
  type Directory,
  type DirectoryKeys,
  directoryClaimsSchema,
  directorySchema,
  publishDirectory,
} from './publish-directory.ts'
export { POLICY_LIMITS, readPolicy } from './read-policy.ts'
export { REGISTRY_EPOCH, readRegistry, registryAt } from './read-registry.ts'
export {
  agreementsOf,
  clerksMaySee,
  findKey,
  findPolicy,
  findRegion,
  membershipOf,
  type Registry,
} from './registry.ts'
export { policyRoutes } from './routes.ts'
export {
  findMember,
  findRegion as findRegionById,
  findRegionBySystem,
  type Institution,
  listRegions,
  type Region,
  type RegionKey,
} from './store.ts'
export { type ToldRegion, tellEverybody, tellRegions } from './tell-regions.ts'
export { type IncomingCall, type SignedCall, verifyCall } from './verify-call.ts'
export { type EpochWatch, openEpochWatch } from './watch-epochs.ts'
