import { mixInto } from './hash.ts'

/** Whole numbers from 0 up to but without `end`; the same for the same seed everywhere. */
export function randomNumbers(seed: number): (end: number) => number {
  const state = { high: seed >>> 0, low: 0x2545f491 }
  let round = 0
  return (end) => {
    mixInto(state, round++, seed)
    return Math.floor((state.high / 2 ** 32) * end)
  }
}
