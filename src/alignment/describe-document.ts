import type { Description } from './description.ts'
import { type Element, elementOf, elementsOf, textOf } from './elements.ts'
import { conceptText, firstDate, present } from './read-concept.ts'

const BODY_BYTES_MAX = 64 * 1024

export function describeDocument(resource: Element): Description {
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
    body: attachments.map(plainText).find((text) => text !== undefined),
  }
}

/** The text of a plain-text attachment that came with the document. Nothing else is opened: a page shows text only. */
function plainText({ contentType, data }: Element): string | undefined {
  if (typeof contentType !== 'string' || !/^text\/plain(;|$)/i.test(contentType)) return undefined
  if (typeof data !== 'string' || data.length > BODY_BYTES_MAX * 2) return undefined
  const bytes = Buffer.from(data, 'base64')
  if (bytes.length > BODY_BYTES_MAX) return undefined
  try {
    return textOf(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return undefined
  }
}
