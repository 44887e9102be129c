import type { Description } from './description.ts'
import { type Element, elementOf, elementsOf, textOf } from './elements.ts'
import { conceptText, firstDate, present } from './read-concept.ts'
import { type Describe, readDocument } from './read-document.ts'

const BODY_BYTES_MAX = 64 * 1024
const DOCUMENT_BYTES_MAX = 512 * 1024

/** `describe` puts what stands in an attached FHIR document into words. */
export function describeDocument(resource: Element, describe: Describe): Description {
  const attachments = elementsOf(resource.content).map(({ attachment }) => elementOf(attachment) ?? {})
  const title = attachments.map(({ title }) => textOf(title)).find((each) => each !== undefined)
  const { status, docStatus, context } = resource
  const isMistake = status === 'entered-in-error' || docStatus === 'entered-in-error'
  return {
    title: conceptText(resource.type) ?? title,
    details: present(textOf(resource.description)),
    date: firstDate(resource.date, attachments[0]?.creation, elementOf(elementOf(context)?.period)?.end),
    standing: isMistake ? 'withdrawn' : status === 'superseded' ? 'ended' : 'stated',
    notes: [
      ...(isMistake ? ['誤記載のため取消'] : []),
      ...(status === 'superseded' ? ['旧版'] : []),
      ...(docStatus === 'preliminary' ? ['暫定'] : []),
    ],
    body: attachments.map((each) => openAttachment(each, describe)).find((text) => text !== undefined),
  }
}

/** The words of an attachment that came with the document: plain text, or a FHIR document. A page shows text only. */
function openAttachment({ contentType, data }: Element, describe: Describe): string | undefined {
  const [, kind] = /^(text\/plain|application\/fhir\+json)(?:;|$)/i.exec(String(contentType)) ?? []
  if (kind === undefined || typeof data !== 'string') return undefined
  const isPlain = kind.toLowerCase() === 'text/plain'
  const text = decoded(data, isPlain ? BODY_BYTES_MAX : DOCUMENT_BYTES_MAX)
  if (text === undefined) return undefined
  return isPlain ? textOf(text) : readDocument(text, describe)
}

function decoded(data: string, bytesMax: number): string | undefined {
  if (data.length > bytesMax * 2) return undefined
  const bytes = Buffer.from(data, 'base64')
  if (bytes.length > bytesMax) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}
