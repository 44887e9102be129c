import { expect, test } from 'vitest'
import { RACERS, race } from './race.ts'

/** Case D11 in short; `npm run test:races -- --rounds 1000` runs as many as wanted. */
const ROUNDS = Number(process.env.RACE_ROUNDS ?? 16)
const ROUND_MS = 1_500

test.each(Object.keys(RACERS))(
  `D11: %s against release on two processes, ${ROUNDS} rounds: released before it, or not at all`,
  async (name) => {
    const { released, withheld } = await race(name, ROUNDS)
    console.info(`${name}: ${released} released before, ${withheld} withheld`)
    expect(released + withheld).toBe(ROUNDS)
    // Where one always comes first nothing has raced.
    expect(Math.min(released, withheld)).toBeGreaterThan(0)
  },
  60_000 + ROUNDS * ROUND_MS,
)
