import { expect } from 'vitest'
import { REFUSALS, type RefusalCode, SYSTEMS } from '../../src/vocabulary/index.ts'

/** A refusal as every partner gets it: an OperationOutcome with a stable code and the two fixed sentences. */
export async function expectRefusal(response: Response, status: number, code: RefusalCode): Promise<void> {
  const text = await response.text()
  expect(response.status, text).toBe(status)
  expect(response.headers.get('content-type')).toMatch(/^application\/fhir\+json/)
  expect(response.headers.get('cache-control')).toBe('no-store')
  const { ja, en } = REFUSALS[code]
  expect(JSON.parse(text)).toMatchObject({
    resourceType: 'OperationOutcome',
    issue: [
      {
        severity: 'error',
        details: { coding: [{ system: SYSTEMS.refusal, code }], text: `${ja} ${en}` },
        // IHE PIXm prescribes three of them to the letter; the others name the call.
        diagnostics: expect.toBeOneOf([en, `${en} (${response.headers.get('x-request-id')})`]),
      },
    ],
  })
}

/** The refusal code of an answer that a test expects to be one. */
export async function refusalCode(response: Response): Promise<string> {
  const outcome = (await response.json()) as { issue: [{ details: { coding: [{ code: string }] } }] }
  return outcome.issue[0].details.coding[0].code
}
