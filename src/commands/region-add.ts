import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { ConfigError, readHubConfig } from '../config.ts'
import { certificateThumbprint } from '../http/index.ts'
import { openMigratedDatabase } from '../open-database.ts'
import { addKey, putRegion } from '../registry/index.ts'
import { type PublicJwk, publicJwkSchema, regionIdSchema } from '../trust/index.ts'
import { STAGES } from '../vocabulary/index.ts'

const inputSchema = z.strictObject({
  id: regionIdSchema,
  patientSystem: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[a-z][a-z0-9+.-]*:\S+$/i, 'a URI, such as urn:oid:2.999.1'),
  name: z.string().min(1).max(100).optional(),
  gatewayUrl: z.url({ protocol: /^https?$/ }).optional(),
  stage: z.enum(STAGES).optional(),
  key: z.string().optional(),
  certificate: z.string().optional(),
  json: z.boolean().optional(),
})

/** Adds a region, or changes the one of that id. An id and its patient system are enough to be indexed. */
export async function addRegion(id: string, options: object): Promise<number> {
  const parsed = inputSchema.safeParse({ id, ...options })
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
    throw new ConfigError(`引数に誤りがあります。 The arguments have faults:\n${faults.join('\n')}`)
  }
  const { name, patientSystem, gatewayUrl, stage, key, certificate, json } = parsed.data
  const jwk = key === undefined ? undefined : readPublicKey(key)
  const thumbprint = certificate === undefined ? undefined : readThumbprint(certificate)
  await using database = await openMigratedDatabase(readHubConfig(), 'tsunagi_hub', ['shared', 'hub'])
  const at = new Date()
  const kid = await database.db.transaction(async (tx) => {
    await putRegion(
      tx,
      {
        id,
        name,
        patientSystem,
        stage,
        gatewayUrl: gatewayUrl?.replace(/\/+$/, ''),
        certificateThumbprint: thumbprint,
      },
      at,
    )
    return jwk === undefined ? undefined : addKey(tx, { region: id, jwk }, at)
  })
  if (json === true) process.stdout.write(`${JSON.stringify({ region: id, key: kid ?? null })}\n`)
  else
    process.stderr.write(
      `地域 ${id} を登録しました。 Region ${id} is registered.${kid ? ` Key ${kid}` : ''}\n`,
    )
  return 0
}

function readPublicKey(file: string): PublicJwk {
  const text = readFileSync(file, 'utf8')
  try {
    return publicJwkSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new ConfigError(
      `${file}: ES256 または Ed25519 の公開鍵 (JWK) ではありません。 Not a public JWK for ES256 or Ed25519; a private part must not be in it.`,
      { cause },
    )
  }
}

function readThumbprint(file: string): string {
  const text = readFileSync(file, 'utf8')
  try {
    return certificateThumbprint(text)
  } catch (cause) {
    throw new ConfigError(`${file}: PEM形式の証明書ではありません。 Not a certificate in PEM.`, { cause })
  }
}
