import { ConfigError } from '../config-faults.ts'
import { databaseRefusal, isTlsFault } from '../kernel/database.ts'
import { HubError } from '../kernel/hub-error.ts'
import { faultCodes, loggable } from '../kernel/loggable.ts'
import { KeyFileError } from '../trust/index.ts'
import { machineFaultOf } from './machine-fault.ts'
import { UsageError } from './usage-error.ts'

const EXIT = { failed: 1, usage: 2, configuration: 3, unreachable: 4, refused: 5 } as const

/** PostgreSQL refuses who or what DATABASE_URL names. */
const DATABASE_URL_WRONG = /^(?:28|3D)/

/**
 * One clear line for what a person can mend. Anything else is a bug: its place in the code is shown and never its
 * message, which a driver fills with SQL and values.
 */
export function explainFault(error: unknown, complain: (line: string) => void): number {
  if (error instanceof UsageError) {
    complain(error.message)
    return EXIT.usage
  }
  if (error instanceof ConfigError || error instanceof KeyFileError) {
    complain(error.message)
    return EXIT.configuration
  }
  if (error instanceof HubError && error.code !== 'unavailable') {
    complain(`${error.text.ja}\n${error.text.en}${error.at ? ` (${error.at})` : ''}`)
    return error.kind === 'upstream-unavailable' ? EXIT.unreachable : EXIT.refused
  }
  const machine = machineFaultOf(error)
  if (machine !== undefined) {
    complain(machine)
    return EXIT.configuration
  }
  const codes = faultCodes(error)
  if (codes.some((code) => DATABASE_URL_WRONG.test(code))) {
    complain(
      'DATABASE_URL: データベースが利用者またはデータベース名を拒みました。 The database refuses this user, password or database name.',
    )
    return EXIT.configuration
  }
  if (codes.some(isTlsFault)) {
    complain(
      `DATABASE_URL: データベースにTLSで接続できません。sslmode と、サーバーのTLSの設定・証明書を確かめてください。 The database cannot be reached by TLS, as sslmode demands. See that its server has TLS, and a certificate that verifies (${codes.at(-1)}).`,
    )
    return EXIT.configuration
  }
  if (databaseRefusal(error)?.kind === 'unavailable') {
    complain(
      `データベースを利用できません。 The database cannot be reached (${codes.at(-1) ?? 'unavailable'}).`,
    )
    return EXIT.unreachable
  }
  complain(
    `プログラムの誤りです。報告してください。 A fault of ours; please report it:\n${JSON.stringify(loggable(error), null, 2)}`,
  )
  return EXIT.failed
}
