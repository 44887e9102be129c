import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { readHubConfig } from '../config.ts'
import { certificateThumbprint } from '../http/index.ts'
import { openMigratedDatabase } from '../open-database.ts'
import { addKey, putRegion } from '../registry/index.ts'
import { type PublicJwk, publicJwkSchema, regionIdSchema } from '../trust/index.ts'
import { STAGES } from '../vocabulary/index.ts'
import { readArguments, UsageError, withNamedFile } from './usage-error.ts'

const inputSchema = z.strictObject({
  id: regionIdSchema,
  patientSystem: z
    .string()
    .min(1)
    .max(200)
    .regex(/^[a-z][a-z0-9+.-]*:\S+$/i),
  name: z.string().min(1).max(100).optional(),
  gatewayUrl: z.url({ protocol: /^https?$/ }).optional(),
  stage: z.enum(STAGES).optional(),
  key: z.string().optional(),
  certificate: z.string().optional(),
  json: z.boolean().optional(),
})

const ARGUMENTS = {
  id: {
    name: '<id>',
    ja: '英小文字で始まる、英小文字・数字・ハイフンの2〜32文字。',
    en: '2–32 lower-case letters, digits and hyphens, a letter first.',
  },
  patientSystem: {
    name: '--patient-system',
    ja: 'URI（例 urn:oid:2.999.1）、200文字まで。',
    en: 'A URI, such as urn:oid:2.999.1, of at most 200 characters.',
  },
  name: { name: '--name', ja: '1〜100文字。', en: '1–100 characters.' },
  gatewayUrl: { name: '--gateway-url', ja: 'http または https のURL。', en: 'A URL with http or https.' },
  stage: { name: '--stage', ja: `次のどれか：${STAGES.join('、')}。`, en: `One of ${STAGES.join(', ')}.` },
}

/** Adds a region, or changes the one of that id. An id and its patient system are enough to be indexed. */
export async function addRegion(id: string, options: object): Promise<number> {
  const { name, patientSystem, gatewayUrl, stage, key, certificate, json } = readArguments(
    inputSchema,
    { id, ...options },
    ARGUMENTS,
  )
  const jwk = key === undefined ? undefined : await withNamedFile(() => readPublicKey(key))
  const thumbprint =
    certificate === undefined ? undefined : await withNamedFile(() => readThumbprint(certificate))
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
    throw new UsageError(
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
    throw new UsageError(`${file}: PEM形式の証明書ではありません。 Not a certificate in PEM.`, { cause })
  }
}
