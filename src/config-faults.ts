import type { z } from 'zod'
import { CONFIG_FAULTS, type ConfigFault, PLAIN_HTTP_HINT, VARIABLES } from './config-variables.ts'
import { isLoopback } from './http/index.ts'
import { present } from './kernel/must.ts'

export type Environment = Record<string, string | undefined>
export type Fault = readonly [variable: string, fault: ConfigFault]

/** Every fault of the environment at once, each with the variable's name; the process must not start. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

export const TLS_FILES = ['TLS_CERT_FILE', 'TLS_KEY_FILE', 'TLS_CA_FILE'] as const

export function configError(faults: readonly Fault[]): ConfigError {
  const found = new Map(faults)
  const lines = [...found].map(([variable, fault]) => `  ${variable}: ${sentenceOf(variable, fault)}`)
  const hint = TLS_FILES.some((name) => found.get(name) === 'unset') ? [PLAIN_HTTP_HINT] : []
  return new ConfigError(
    ['設定に誤りがあります。 The configuration has faults:', ...lines, ...hint].join('\n'),
  )
}

function sentenceOf(variable: string, fault: ConfigFault): string {
  const about = CONFIG_FAULTS[fault]
  const toSet = present(VARIABLES[variable], 'every variable says what to set')
  return `${about.ja}必要な値：${toSet.ja} ${about.en} Needed: ${toSet.en}`
}

/** What a schema found wrong. Never repeats the value: it may be a password. */
export function faultOf({ path, code }: z.core.$ZodIssue, environment: Environment): Fault {
  const variable = String(path[0])
  if (!isSet(environment, variable)) return [variable, 'unset']
  return [variable, code === 'custom' ? 'no-file' : 'invalid']
}

function isSet(environment: Environment, name: string): boolean {
  return (environment[name] ?? '') !== ''
}

/** Without all of its files there is no TLS; without TLS one must have asked for that, and stay on loopback. */
export function tlsFaults(environment: Environment, hosts: readonly string[]): Fault[] {
  const unset = TLS_FILES.filter((name) => !isSet(environment, name))
  if (unset.length === 0) return []
  if (environment.PLAIN_HTTP_ON_LOOPBACK !== '1') return unset.map((name) => [name, 'unset'])
  return hosts.filter((name) => isBeyondLoopback(environment[name])).map((name) => [name, 'not-loopback'])
}

/** National identifiers are kept under a secret alone. */
export function nationalIdFaults(environment: Environment): Fault[] {
  const isAsked = isSet(environment, 'NATIONAL_IDS') && !isSet(environment, 'NATIONAL_ID_SECRET_FILE')
  return isAsked ? [['NATIONAL_ID_SECRET_FILE', 'unset']] : []
}

/** The local side has both of its files, or stays on loopback. */
export function localTlsFaults(environment: Environment): Fault[] {
  const unset = ['LOCAL_TLS_CERT_FILE', 'LOCAL_TLS_KEY_FILE'].filter((name) => !isSet(environment, name))
  if (unset.length === 1) return unset.map((name) => [name, 'unset'])
  return unset.length === 2 && isBeyondLoopback(environment.LOCAL_HOST)
    ? [['LOCAL_HOST', 'not-loopback']]
    : []
}

function isBeyondLoopback(host: string | undefined): boolean {
  return host !== undefined && host !== '' && !isLoopback(host)
}
