import { latestCheckpoint } from '../audit/index.ts'
import type { Context } from '../kernel/context.ts'
import { readRegistry } from '../registry/index.ts'
import type { SourceState, Stage } from '../vocabulary/index.ts'
import { listReports } from './store.ts'

/** 正常・低下・停止・計画停止, and unknown where nobody has asked yet. */
export type ServiceState = 'up' | 'degraded' | 'down' | 'maintenance' | 'unknown'

export interface NetworkStatus {
  at: string
  hub: { state: ServiceState; auditSize: number; sealedAt: string | null }
  regions: {
    id: string
    name: string
    stage: Stage
    state: ServiceState
    lastAnswerAt: string | null
    lastAskedAt: string | null
    latencyMs: number | null
  }[]
}

const SEAL_LAG_MAX_MS = 60_000

const STATE_OF: Record<SourceState, ServiceState> = {
  complete: 'up',
  empty: 'up',
  denied: 'up',
  'not-linked': 'up',
  partial: 'degraded',
  busy: 'degraded',
  invalid: 'degraded',
  'wrong-person': 'degraded',
  timeout: 'down',
  unreachable: 'down',
  maintenance: 'maintenance',
}

/** The linked networks as they answered last. Counts and times only: nobody is in it. */
export async function networkStatus(context: Context): Promise<NetworkStatus> {
  const at = context.now()
  const [{ regions }, reports, checkpoint] = await Promise.all([
    readRegistry(context.db),
    listReports(context.db),
    latestCheckpoint(context.db),
  ])
  const waitingSince = checkpoint?.unsealedSince ?? at
  const isBehind = waitingSince.getTime() < at.getTime() - SEAL_LAG_MAX_MS
  const sealedAt = checkpoint?.sealedAt ?? null
  return {
    at: at.toISOString(),
    hub: {
      state: isBehind ? 'degraded' : 'up',
      auditSize: checkpoint?.size ?? 0,
      sealedAt: sealedAt?.toISOString() ?? null,
    },
    regions: regions.map(({ id, name, stage }) => {
      const report = reports.find(({ region }) => region === id)
      return {
        id,
        name,
        stage,
        state:
          stage === 'suspended' ? 'maintenance' : report === undefined ? 'unknown' : STATE_OF[report.state],
        lastAnswerAt: report?.answeredAt?.toISOString() ?? null,
        lastAskedAt: report?.at.toISOString() ?? null,
        latencyMs: report?.elapsedMs ?? null,
      }
    }),
  }
}
