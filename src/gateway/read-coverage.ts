import { z } from 'zod'
import { ASK_AGAIN_REASONS, type AskAgainReason } from '../consent/index.ts'
import { readJson } from '../http/index.ts'
import { refuse } from '../vocabulary/index.ts'
import { refusalOf } from './call-hub.ts'
import type { GatewayContext } from './context.ts'
import { feedHub } from './feed-hub.ts'

const PAGES_MAX = 10_000
const LIMITS = { depthMax: 12, nodesMax: 200_000 }

/** A resident to ask again, at an institution of the region; without one where they go nowhere. */
export interface ToAskAgain {
  institution: string | undefined
  patient: string
  reason: AskAgainReason
  form: string
}

const reasons = Object.keys(ASK_AGAIN_REASONS) as [AskAgainReason, ...AskAgainReason[]]
const resident = z.strictObject({
  name: z.literal('resident'),
  part: z.tuple([
    z.strictObject({ name: z.literal('patient'), valueString: z.string() }),
    z.strictObject({ name: z.literal('reason'), valueCode: z.enum(reasons) }),
    z.strictObject({ name: z.literal('form'), valueString: z.string() }),
  ]),
})
const number = z.strictObject({ name: z.literal('number'), valueString: z.string() })
const pageSchema = z.strictObject({
  resourceType: z.literal('Parameters'),
  parameter: z.array(
    z.union([
      z.strictObject({ name: z.literal('institution'), part: z.array(z.union([number, resident])) }),
      z.strictObject({ name: z.literal('next'), valueString: z.string() }),
    ]),
  ),
})

/** The region's residents to ask again, as the hub knows consents and visits, page by page. */
export async function* readCoverage(ctx: GatewayContext): AsyncGenerator<ToAskAgain> {
  let after: string | undefined = ''
  for (let pages = 0; after !== undefined && pages < PAGES_MAX; pages++) {
    const query: string = after === '' ? '' : `?${new URLSearchParams({ after })}`
    const answer = await feedHub(ctx, { method: 'GET', path: `/fhir/Consent/$coverage${query}` })
    if (answer.status !== 200) throw refuse(refusalOf(answer) ?? 'hub-answer-invalid')
    const page = pageSchema.safeParse(readJson(answer.text, LIMITS))
    if (!page.success) throw refuse('hub-answer-invalid')
    after = undefined
    for (const each of page.data.parameter) {
      if (each.name === 'next') after = each.valueString
      else yield* residentsOf(each.part)
    }
  }
}

function residentsOf(part: (z.infer<typeof number> | z.infer<typeof resident>)[]): ToAskAgain[] {
  const institution = part.find((each) => each.name === 'number')?.valueString
  return part
    .filter((each) => each.name === 'resident')
    .map(({ part: [patient, reason, form] }) => ({
      institution,
      patient: patient.valueString,
      reason: reason.valueCode,
      form: form.valueString,
    }))
}
