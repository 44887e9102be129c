import { type DestinationStream, type Level, type Logger, pino } from 'pino'
import { loggable } from './loggable.ts'

const DEPTH_MAX = 8

/** Where nobody reads standard output, lines are dropped from here on; the audit is not a log. */
const UNWRITTEN_BYTES_MAX = 4_194_304

/** One JSON line an event. Fields are ids of regions and institutions, counts and states: never a patient. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'flush'>

/**
 * The process's log, on standard output unless told otherwise. Errors pass through `loggable` wherever they
 * stand, because pino would copy an error's message (SQL, parameters, hence patients) into `err` and `msg`.
 */
export function openLog(level: Level | 'silent' = 'info', destination?: DestinationStream): Log {
  return pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      hooks: {
        logMethod(args, method) {
          const [first, ...rest] = args as [unknown, ...unknown[]]
          const fields = first instanceof Error ? { err: first } : first
          method.apply(this, [safe(fields), ...rest.map((each) => safe(each))] as Parameters<typeof method>)
        },
      },
    },
    destination ?? pino.destination({ fd: 1, sync: false, maxLength: UNWRITTEN_BYTES_MAX }),
  )
}

/** For tests and for library use. */
export function silentLog(): Log {
  return openLog('silent')
}

/** Fields as they are, with each error in them as `loggable` shows it. */
function safe(value: unknown, depth = 0): unknown {
  if (value instanceof Error) return loggable(value)
  if (typeof value !== 'object' || value === null) return value
  if (depth >= DEPTH_MAX) return null
  if (Array.isArray(value)) return value.map((each) => safe(each, depth + 1))
  if (Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, safe(each, depth + 1)]))
}
