import { defineConfig } from 'drizzle-kit'

/** Hub and gateway keep databases of their own; what both keep (audit, replay) is generated once, as `shared`. */
const SIDES = {
  shared: ['./src/trust/tables.ts', './src/audit/tables.ts', './src/kernel/outbox-tables.ts'],
  hub: [
    './src/registry/tables.ts',
    './src/identity/tables.ts',
    './src/identity/bulk/tables.ts',
    './src/identity/merge-tables.ts',
    './src/identity/model-tables.ts',
    './src/identity/review-tables.ts',
    './src/identity/standing-tables.ts',
    './src/consent/tables.ts',
    './src/broker/tables.ts',
    './src/oversight/tables.ts',
    './src/monitoring/tables.ts',
    './src/terminology/tables.ts',
  ],
  gateway: ['./src/gateway/tables.ts'],
} as const

const side = process.env.SIDE as keyof typeof SIDES | undefined
if (side === undefined || !(side in SIDES)) throw new Error('Set SIDE to shared, hub or gateway.')

export default defineConfig({
  dialect: 'postgresql',
  schema: [...SIDES[side]],
  out: `./migrations/${side}`,
})
