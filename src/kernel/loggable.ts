import { HubError } from './hub-error.ts'

const CAUSES_MAX = 5
const ERRORS_MAX = 10
const FRAMES_MAX = 20

/** A frame as V8 writes it; a line of a message which merely begins with "at" does not end in a position. */
const FRAME = /^\s+at .*(?::\d+:\d+\)?|\(<anonymous>\)|\(native\))$/

/** The fields in which a driver, Node or a library names the fault. None of them carries a value. */
const CODES = [
  'code',
  'severity',
  'routine',
  'schema_name',
  'table_name',
  'column_name',
  'constraint_name',
  'syscall',
]

/** What may be logged of an error: which fault, where in the code, and why, without any message. */
export interface LoggableError {
  name: string
  stack: string[]
  text?: string
  kind?: string
  at?: string
  cause?: LoggableError
  errors?: LoggableError[]
  [code: string]: unknown
}

/**
 * Drizzle puts SQL and bound parameters, hence patients, in its messages, PostgreSQL repeats key values in
 * `detail`, HTTP clients quote URLs. So no message of another's making is logged: only the fault's name, codes
 * and stack frames. A HubError's sentence and an invariant's are fixed text of this project, and stay.
 */
export function loggable(error: unknown, depth = 0): LoggableError {
  if (!(error instanceof Error)) return { name: `thrown ${typeof error}`, stack: [] }
  const seen: LoggableError = { name: nameOf(error), stack: framesOf(error) }
  for (const key of CODES) {
    const value: unknown = Reflect.get(error, key)
    if (typeof value === 'string' && /^[\w.-]{1,63}$/.test(value)) seen[key] = value
  }
  if (error instanceof HubError) {
    Object.assign(seen, {
      kind: error.kind,
      text: error.text.en,
      ...(error.at !== undefined && { at: error.at }),
    })
  } else if (error.message.startsWith('Invariant broken: ')) {
    seen.text = error.message
  }
  if (depth < CAUSES_MAX) {
    if (error.cause !== undefined) seen.cause = loggable(error.cause, depth + 1)
    if (error instanceof AggregateError) {
      seen.errors = error.errors.slice(0, ERRORS_MAX).map((each) => loggable(each, depth + 1))
    }
  }
  return seen
}

/** How the driver, Node and PostgreSQL call what went wrong, the outermost first: codes such as 55P03, no messages. */
export function faultCodes(error: unknown): string[] {
  const codes: string[] = []
  for (
    let seen = error, depth = 0;
    seen instanceof Error && depth < CAUSES_MAX;
    seen = seen.cause, depth += 1
  ) {
    const code: unknown = Reflect.get(seen, 'code')
    if (typeof code === 'string' && /^[A-Z0-9_]{1,40}$/.test(code)) codes.push(code)
  }
  return codes
}

/** Drizzle leaves `name` at "Error"; the class says more. A name with anything but word characters is not one. */
function nameOf(error: Error): string {
  const name = error.name === 'Error' ? error.constructor.name : error.name
  return /^\w{1,63}$/.test(name) ? name : 'Error'
}

function framesOf({ stack, message }: Error): string[] {
  if (typeof stack !== 'string') return []
  const header = message === '' ? -1 : stack.indexOf(message)
  const frames = header === -1 ? stack : stack.slice(header + message.length)
  return frames
    .split('\n')
    .filter((line) => FRAME.test(line))
    .slice(0, FRAMES_MAX)
    .map((line) => line.trim())
}
