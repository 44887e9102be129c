export { logSigner, openCheckpoint, signCheckpoint } from './checkpoint.ts'
export { EXPORT_FAULTS, type ExportFault } from './export-faults.ts'
export { exportLog } from './export-log.ts'
export { type FoundEntry, findEntriesAbout, findEntriesWithin } from './find-entries-store.ts'
export { AUDIT_KINDS, type AuditKind } from './kinds.ts'
export {
  type LogState,
  latestCheckpoint,
  proveConsistency,
  proveEntry,
  proveInclusion,
} from './prove-leaf.ts'
export { readLines } from './read-lines.ts'
export {
  type AuditEntry,
  type AuditPromise,
  PROMISE_MS,
  recordAudit,
  recordAudits,
  recordingAudits,
} from './record-audit.ts'
export { auditRoutes } from './routes.ts'
export { type Pass, type Sealer, sealEntries } from './seal-entries.ts'
export type { LogIdentity, LogSigner } from './signed-note.ts'
export { startSealer } from './start-sealer.ts'
export { type ProvenEntry, provenEntrySchema, verifyEntry } from './verify-entry.ts'
export { type ExportVerdict, type KnownOfLog, verifyExport } from './verify-export.ts'
export {
  type Growth,
  type GrowthVerdict,
  growthSchema,
  type Inclusion,
  type InclusionVerdict,
  inclusionSchema,
  verifyGrowth,
  verifyProof,
} from './verify-proof.ts'
