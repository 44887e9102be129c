import type { Level } from 'pino'
import { type Log, openLog } from '../../src/kernel/events.ts'

/** The real log, its lines kept instead of printed. */
export function capturedLog(level: Level = 'debug'): { log: Log; lines: string[] } {
  const lines: string[] = []
  return { log: openLog(level, { write: (line: string) => lines.push(line) }), lines }
}
