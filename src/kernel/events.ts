import { type DestinationStream, type Level, type Logger, pino } from 'pino'
import { loggable } from './loggable.ts'

/** One JSON line an event. Fields are ids of regions and institutions, counts and states: never a patient. */
export type Log = Logger

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
      formatters: {
        level: (label) => ({ level: label }),
        log: withoutMessages,
        bindings: withoutMessages,
      },
      serializers: {
        err: (error: unknown) => (error instanceof Error ? loggable(error) : error),
      },
      hooks: {
        logMethod(args, method) {
          const [first, ...rest] = args as [unknown, ...unknown[]]
          const fields = first instanceof Error ? { err: first } : first
          method.apply(this, [safe(fields), ...rest.map(safe)] as Parameters<typeof method>)
        },
      },
    },
    destination ?? pino.destination({ fd: 1, sync: false }),
  )
}

/** For tests and for library use. */
export function silentLog(): Log {
  return openLog('silent')
}

function withoutMessages(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, safe(value)]))
}

function safe(value: unknown): unknown {
  if (value instanceof Error) return loggable(value)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.values(value).some((each) => each instanceof Error) ? withoutMessages(value) : value
}
