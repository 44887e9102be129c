import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { ConfigError, readHubConfig } from '../config.ts'
import { certificateThumbprint } from '../http/index.ts'
import { openMigratedDatabase } from '../open-database.ts'
import { addKey, putRegion } from '../registry/index.ts'
import { publicJwkSchema, regionIdSchema } from '../trust/index.ts'
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
  const { name = id, patientSystem, gatewayUrl, stage, key, certificate, json } = parsed.data
  const jwk = key === undefined ? undefined : publicJwkSchema.parse(JSON.parse(readFileSync(key, 'utf8')))
  const thumbprint = certificate && certificateThumbprint(readFileSync(certificate, 'utf8'))
  await using database = await openMigratedDatabase(readHubConfig(), 'tsunagi_hub', ['shared', 'hub'])
  const at = new Date()
  const kid = await database.db.transaction(async (tx) => {
    await putRegion(
      tx,
      {
        id,
        name,
        patientSystem,
        ...(stage === undefined ? {} : { stage }),
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
