export {
  DUTIES,
  type Duty,
  isoDateSchema,
  isPromiseLate,
  type MandateClaims,
  mandateClaimsSchema,
  promiseSchema,
  type ReceiptClaims,
  type RequestClaims,
  receiptClaimsSchema,
  regionIdSchema,
  requestClaimsSchema,
} from './claims.ts'
export { saltedBirthSexHash, saltedPatientHash, saltFor, sha256 } from './hash.ts'
export {
  ALGORITHMS,
  type Algorithm,
  algorithmOf,
  generateSigningKey,
  KeyFileError,
  type PublicJwk,
  publicJwkSchema,
  readOrMakeSigningKey,
  readSigningKey,
  type SigningKey,
  thumbprintOf,
  type VerifyingKey,
  verifyingKey,
} from './keys.ts'
export {
  EMPTY_ROOT,
  fullNodesOf,
  growPeaks,
  type Hash,
  type LeafRange,
  leafHash,
  type NodePlace,
  nodeHash,
  type Peaks,
  rootOf,
  rootOfPeaks,
  rootOfTexts,
} from './merkle.ts'
export {
  consistencyProof,
  consistencyRanges,
  inclusionProof,
  inclusionRanges,
  verifyConsistency,
  verifyInclusion,
} from './merkle-proof.ts'
export {
  FEED_MESSAGE_CHARS_MAX,
  type Notice,
  type NoticeClaims,
  noticeClaimsSchema,
  noticeSchema,
} from './notice.ts'
export { consumeEach, consumeOnce, consumingEach, giveBack, keepReplayPartitions } from './replay.ts'
export {
  type BrokenGlass,
  type Call,
  callClaims,
  freshClaims,
  type QueryClaims,
  queryExtensions,
  queryOf,
} from './request.ts'
export { SUCCESSOR_AUDIENCE, signSuccessor, successorClaimsSchema } from './successor.ts'
export {
  type BaseClaims,
  signToken,
  TOKEN_BYTES_MAX,
  type TokenType,
  tokenDigest,
  type VerifiedToken,
  verifyToken,
} from './token.ts'
