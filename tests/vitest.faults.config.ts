import { defineConfig } from 'vitest/config'

/** Attacks and faults at their full size, against a hub's process of its own: some take as long as their time limits. */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['tests/faults/*.fault.ts'],
    setupFiles: ['tests/support/seal-network.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 90_000,
    hookTimeout: 60_000,
  },
})
