export {
  addReleaseKeys,
  meetingPasses,
  numberKeys,
  releaseKeys,
  searchKeys,
} from './blocking-keys.ts'
export { type BulkCounts, type BulkLinkage, bulkLink } from './bulk-link.ts'
export {
  type Cluster,
  type Clustering,
  clusterRegistrations,
  type Declarations,
  decideLink,
  type Linkage,
  type LinkVeto,
  type Member,
  openLinkage,
  type PossibleLink,
} from './cluster-registrations.ts'
export type { Standing } from './columns.ts'
export { type Columns, columnsBuilder } from './columns.ts'
export { type EstimateOptions, estimateModel } from './estimate.ts'
export { levelIn, type PairDecision, type PairOutcome, pairDecision } from './explain.ts'
export { joinColumns } from './join-columns.ts'
export { type Judge, judgeOf, type ManualDecisions } from './judge.ts'
export { type Model, type ModelFile, modelSchema, readModel } from './model.ts'
export {
  columnsOfKind,
  GENERAL,
  KINDS,
  type Kind,
  MODELS,
  type Models,
  mayBeOne,
  RESIDENTS,
} from './models.ts'
export { type LinkRule, RULES } from './rules.ts'
export { emptyKeys, type KeyColumns, sortKeys } from './sort-keys.ts'
export { isAuto, PAIR_DOUBTS, type PairDoubt } from './verdict.ts'
