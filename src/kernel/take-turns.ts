import { poolFault } from './database-refusal.ts'

/** As long as whatever is under way may wait for a lock, and a little. */
const WAIT_MS = 3_000
const WAITING_MAX = 1_000
/** Of those of a turn that have to be done alone, side by side. */
const ALONE_MAX = 4

export interface Way<Job, Result> {
  /** Jobs of one turn. */
  jobsMax: number
  /** Turns side by side. */
  turnsMax: number
  /**
   * Whoever was answered in a turn of several may come again at once, and the first of them would go alone and hold up
   * the others: so long at most the next turn waits for half as many.
   */
  gatherMs: number
  /** Two jobs of one key are never done side by side, and in the order in which they came. */
  keyOf(job: Job): string
  /** Does two or more; whoever is not in the answer is then done alone. */
  together(jobs: readonly Job[]): Promise<ReadonlyMap<Job, Result | Error>>
  alone(job: Job): Promise<Result>
}

interface Waiting<Job, Result> {
  job: Job
  key: string
  timer: NodeJS.Timeout
  resolve(result: Result | PromiseLike<Result>): void
  reject(reason: unknown): void
}

/**
 * Work that costs hardly more for many than for one: a job that finds nobody at work is done at once and alone; those
 * that come meanwhile wait, and are done together as soon as a turn has ended. Refused with `unavailable` is whom no
 * turn takes for three seconds.
 */
export function takeTurns<Job, Result>(way: Way<Job, Result>): (job: Job) => Promise<Result> {
  const waiting = new Set<Waiting<Job, Result>>()
  /** Of jobs that are not done. */
  const held = new Set<string>()
  let turns = 0
  /** Ended, and not given to the next. */
  const gathering = new Set<{ enough: number; timer: NodeJS.Timeout }>()

  function next(): Waiting<Job, Result>[] {
    const taken: Waiting<Job, Result>[] = []
    const passed = new Set<string>()
    for (const each of waiting) {
      if (taken.length === way.jobsMax) break
      if (passed.has(each.key) || held.has(each.key)) continue
      passed.add(each.key)
      taken.push(each)
    }
    return taken
  }

  function start(): void {
    while (turns < way.turnsMax) {
      const taken = next()
      if (taken.length === 0) return
      turns += 1
      for (const each of taken) {
        waiting.delete(each)
        held.add(each.key)
        clearTimeout(each.timer)
      }
      void take(taken).then(() => (taken.length > 1 ? gather(taken.length / 2) : endTurn()))
    }
  }

  function gather(enough: number): void {
    const turn = { enough, timer: setTimeout(() => endGathering(turn), way.gatherMs) }
    gathering.add(turn)
    goOnIfEnough()
  }

  function goOnIfEnough(): void {
    for (const turn of gathering) if (waiting.size >= turn.enough) endGathering(turn)
  }

  function endGathering(turn: { enough: number; timer: NodeJS.Timeout }): void {
    clearTimeout(turn.timer)
    gathering.delete(turn)
    endTurn()
  }

  function endTurn(): void {
    turns -= 1
    start()
  }

  async function take(taken: readonly Waiting<Job, Result>[]): Promise<void> {
    const [only] = taken
    if (taken.length === 1 && only !== undefined) return alone(only)
    try {
      const done = await way.together(taken.map(({ job }) => job))
      const left = taken.filter((each) => {
        const result = done.get(each.job)
        if (result === undefined) return true
        end(each, () => (result instanceof Error ? each.reject(result) : each.resolve(result)))
        return false
      })
      await eachAlone(left)
    } catch (error) {
      for (const each of taken) end(each, () => each.reject(error))
    }
  }

  async function eachAlone(left: Waiting<Job, Result>[]): Promise<void> {
    const goOn = async () => {
      for (let each = left.shift(); each !== undefined; each = left.shift()) await alone(each)
    }
    await Promise.all(Array.from({ length: ALONE_MAX }, goOn))
  }

  async function alone(each: Waiting<Job, Result>): Promise<void> {
    const [done] = await Promise.allSettled([way.alone(each.job)])
    end(each, () => (done.status === 'fulfilled' ? each.resolve(done.value) : each.reject(done.reason)))
  }

  function end({ key }: Waiting<Job, Result>, tell: () => void): void {
    held.delete(key)
    tell()
  }

  return (job) =>
    new Promise((resolve, reject) => {
      if (waiting.size >= WAITING_MAX) throw poolFault('POOL_EXHAUSTED')
      const timer = setTimeout(() => {
        waiting.delete(mine)
        reject(poolFault('POOL_EXHAUSTED'))
      }, WAIT_MS)
      const mine = { job, key: way.keyOf(job), timer, resolve, reject }
      waiting.add(mine)
      if (gathering.size === 0) start()
      else goOnIfEnough()
    })
}
