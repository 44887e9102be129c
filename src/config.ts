import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import {
  configError,
  type Environment,
  type Fault,
  faultOf,
  localTlsFaults,
  nationalIdFaults,
  TLS_FILES,
  tlsFaults,
} from './config-faults.ts'
import { authorityOf } from './http/index.ts'
import { must } from './kernel/must.ts'
import { NATIONAL_ID_SECRET_BYTES_MIN, NATIONAL_IDS } from './vocabulary/index.ts'

const port = z.coerce.number().int().min(0).max(65_535)
const origin = z.url({ protocol: /^https?$/ }).transform((value) => value.replace(/\/+$/, ''))
const file = z.string().min(1).refine(existsSync)
const flag = z.enum(['0', '1']).default('0')

/** What hub and gateway processes both read. */
const common = {
  /** A PostgreSQL; without it the embedded one in TSUNAGI_DATA is used. */
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  /** Folder of the embedded PostgreSQL and of the keys. */
  TSUNAGI_DATA: z.string().min(1).default('.tsunagi'),
  TLS_CERT_FILE: file.optional(),
  TLS_KEY_FILE: file.optional(),
  TLS_CA_FILE: file.optional(),
  /** The proxy whose RFC 9440 Client-Cert header is believed. */
  TRUSTED_PROXY_ADDRESS: z.string().min(1).optional(),
  /** 1: plain HTTP, on loopback only, for trying out. */
  PLAIN_HTTP_ON_LOOPBACK: flag,
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
}

const hubEnvironment = z.object({
  ...common,
  HTTP_HOST: z.string().min(1).default('127.0.0.1'),
  HTTP_PORT: port.default(3000),
  /** The hub's name to everybody; the address it listens on when unset. */
  PUBLIC_URL: origin.optional(),
  SOURCES_DEADLINE_MS: z.coerce.number().int().min(100).max(30_000).default(8_000),
  /** National identifiers whose keyed form the law lets the hub keep, with commas between; none unless it is set. */
  NATIONAL_IDS: z
    .string()
    .default('')
    .transform((value) => value.split(',').filter((kind) => kind !== ''))
    .pipe(z.array(z.enum(NATIONAL_IDS))),
  /** What they are keyed by. */
  NATIONAL_ID_SECRET_FILE: file.optional(),
})

const gatewayEnvironment = z.object({
  ...common,
  REGION: z.string().regex(/^[a-z][a-z0-9-]{1,31}$/),
  PATIENT_SYSTEM: z.string().min(1).max(200),
  HUB_URL: origin,
  /** The region's own FHIR server. */
  EHR_URL: origin,
  /** JWKS of the region's own identity provider. */
  LOGIN_JWKS_FILE: file,
  LOGIN_ISSUER: z.string().min(1).max(200),
  INWARD_HOST: z.string().min(1).default('127.0.0.1'),
  INWARD_PORT: port.default(4000),
  LOCAL_HOST: z.string().min(1).default('127.0.0.1'),
  LOCAL_PORT: port.default(4001),
  /** For the region's own browsers and systems, which have no client certificates. */
  LOCAL_TLS_CERT_FILE: file.optional(),
  LOCAL_TLS_KEY_FILE: file.optional(),
  /** As the hub's directory names this gateway; the inward address when unset. */
  PUBLIC_URL: origin.optional(),
  EHR_DEADLINE_MS: z.coerce.number().int().min(100).max(30_000).default(5_000),
})

export type HubConfig = z.infer<typeof hubEnvironment>
export type GatewayConfig = z.infer<typeof gatewayEnvironment>

/** For commands that neither listen nor call: they do without TLS. */
export function readHubConfig(environment: Environment = process.env): HubConfig {
  return read(hubEnvironment, environment, nationalIdFaults(environment))
}

export function readGatewayConfig(environment: Environment = process.env): GatewayConfig {
  return read(gatewayEnvironment, environment)
}

/** For whoever listens or calls: with TLS, or plain HTTP that does not leave the machine. */
export function readHubServerConfig(environment: Environment = process.env): HubConfig {
  const faults = [...tlsFaults(environment, ['HTTP_HOST']), ...nationalIdFaults(environment)]
  return read(hubEnvironment, environment, faults)
}

export function readGatewayServerConfig(environment: Environment = process.env): GatewayConfig {
  const faults = [...tlsFaults(environment, ['INWARD_HOST']), ...localTlsFaults(environment)]
  return read(gatewayEnvironment, environment, faults)
}

function read<Schema extends z.ZodType>(
  schema: Schema,
  environment: Environment,
  more: readonly Fault[] = [],
): z.infer<Schema> {
  const parsed = schema.safeParse(environment)
  if (parsed.success && more.length === 0) return parsed.data
  throw configError([...more, ...(parsed.error?.issues ?? []).map((issue) => faultOf(issue, environment))])
}

type TransportConfig = Pick<
  HubConfig,
  'TLS_CERT_FILE' | 'TLS_KEY_FILE' | 'TLS_CA_FILE' | 'PLAIN_HTTP_ON_LOOPBACK'
>

/** Certificate, key and CA where all are given; plain HTTP only when it was asked for. */
export function tlsOf(config: TransportConfig) {
  const { TLS_CERT_FILE: cert, TLS_KEY_FILE: key, TLS_CA_FILE: ca } = config
  if (cert === undefined || key === undefined || ca === undefined) {
    must(config.PLAIN_HTTP_ON_LOOPBACK === '1', 'who listens or calls has read a configuration for it')
    return undefined
  }
  return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8'), ca: readFileSync(ca, 'utf8') }
}

/** The gateway's local side: certificate and key where both are given; else plain HTTP, which stays on loopback. */
export function localTlsOf({ LOCAL_TLS_CERT_FILE: cert, LOCAL_TLS_KEY_FILE: key }: GatewayConfig) {
  if (cert === undefined || key === undefined) return undefined
  return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') }
}

/** What the hub may keep of national identifiers, and by which secret; nothing unless that was asked for. */
export function nationalIdsOf({ NATIONAL_IDS: allowed, NATIONAL_ID_SECRET_FILE }: HubConfig) {
  if (allowed.length === 0 || NATIONAL_ID_SECRET_FILE === undefined) return undefined
  const secret = readFileSync(NATIONAL_ID_SECRET_FILE)
  if (secret.byteLength < NATIONAL_ID_SECRET_BYTES_MIN)
    throw configError([['NATIONAL_ID_SECRET_FILE', 'short-secret']])
  return { allowed, secret }
}

/** The hub's name to everybody, by which its log is called too. */
export function hubUrlOf(config: HubConfig): string {
  return config.PUBLIC_URL ?? listeningUrl(config, config.HTTP_HOST, config.HTTP_PORT)
}

/** As the hub's directory names the gateway. */
export function gatewayUrlOf(config: GatewayConfig): string {
  return config.PUBLIC_URL ?? listeningUrl(config, config.INWARD_HOST, config.INWARD_PORT)
}

function listeningUrl(config: TransportConfig, host: string, port: number): string {
  const hasTls = TLS_FILES.every((name) => config[name] !== undefined)
  return `${hasTls ? 'https' : 'http'}://${authorityOf(host, port)}`
}

export function keyFile(config: { TSUNAGI_DATA: string }, name: string): string {
  return join(resolve(config.TSUNAGI_DATA), 'keys', `${name}.jwk.json`)
}

/** What a process started by this one inherits, and no more. */
export function inheritedEnvironment({ PATH }: Environment = process.env): Record<string, string> {
  return PATH === undefined ? {} : { PATH }
}
