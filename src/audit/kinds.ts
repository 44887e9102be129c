/** Everything that is put on record, of the hub and of a gateway. A kind, once used, keeps its meaning for ever. */
export const AUDIT_KINDS = [
  // A query's life at the hub.
  'query.attempt',
  'query.release',
  'query.denial',
  'query.refused',
  'source.answered',
  'emergency.opened',
  'emergency.reported',
  'emergency.reviewed',
  'handle.issued',
  // What was turned away at the door.
  'request.refused',
  'replay.refused',
  // What regions feed, and what the index makes of it.
  'registration.feed',
  'registration.load',
  'index.linked',
  'index.query',
  'link.made',
  'link.removed',
  'link.decided',
  'review.read',
  'review.changed',
  'feed.halted',
  'feed.allowed',
  'consent.recorded',
  'consent.withdrawn',
  'consent.query',
  'visit.recorded',
  'visit.deleted',
  // The councils' own matters.
  'policy.recorded',
  'codes.recorded',
  'region.changed',
  'agreement.changed',
  'institution.changed',
  'membership.changed',
  'key.changed',
  'directory.published',
  // A gateway's life.
  'gateway.login-ended',
  'gateway.request',
  'gateway.mandate',
  'gateway.answer',
  'gateway.refusal',
  'gateway.consent-copied',
  'gateway.policy-copied',
  'desk.entered',
  'desk.checked',
  'gateway.registration-copied',
  'peer.accepted',
  'answer.condemned',
  'promise.broken',
  'receipt.unnamed',
  'receipt.differs',
  'notice.received',
  'copy.behind',
  // Looking into the record.
  'disclosure.reported',
  'finding.made',
  'finding.settled',
  // Reading the record is itself on the record.
  'audit.read',
] as const

export type AuditKind = (typeof AUDIT_KINDS)[number]

/** How a kind is spelt: what is done, to what. */
export const AUDIT_KIND = /^[a-z]+\.[a-z-]+$/
