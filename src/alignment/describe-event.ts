import { describeAny } from './describe-any.ts'
import type { Description, Standing } from './description.ts'
import { type Element, elementOf, elementsOf, listOf, textOf } from './elements.ts'
import { conceptText, displayOf, firstDate, present } from './read-concept.ts'

/**
 * What was done, planned, found or noted, or who belongs to the person: resources whose words stand where those of any
 * do, and whose meaning changes by their `status` alone.
 */
export function describeEvent(resource: Element): Description {
  return {
    title: titleOf(resource),
    details: detailsOf(resource),
    date: dateOf(resource),
    ...standingOf(resource),
  }
}

/** What it is about comes before what it is called, and its kind last. */
function titleOf(resource: Element): string | undefined {
  const {
    code,
    medicationCodeableConcept: drug,
    medicationReference,
    event,
    relationship,
    oralDiet,
  } = resource
  const concepts = [code, drug, event, listOf(relationship)[0], listOf(elementOf(oralDiet)?.type)[0]]
  return (
    concepts.map(conceptText).find((text) => text !== undefined) ??
    displayOf(medicationReference) ??
    textOf(resource.title) ??
    textOf(resource.description) ??
    describeAny(resource)
  )
}

function detailsOf(resource: Element): string[] {
  const { conclusion, description, title, note, name, numberOfInstances } = resource
  const called = titleOf(resource)
  const words = present(
    textOf(title),
    textOf(description),
    textOf(conclusion),
    ...elementsOf(name).map((each) => textOf(each.text)),
    ...elementsOf(note).map(({ text }) => textOf(text)),
    typeof numberOfInstances === 'number' ? `画像 ${numberOfInstances}枚` : undefined,
  )
  return words.filter((each) => each !== called)
}

function dateOf(resource: Element): string | undefined {
  const periods = [
    resource.performedPeriod,
    resource.effectivePeriod,
    resource.period,
    resource.createdPeriod,
  ]
  return firstDate(
    resource.performedDateTime,
    resource.effectiveDateTime,
    resource.createdDateTime,
    ...periods.map((period) => elementOf(period)?.start),
    resource.started,
    resource.dateTime,
    resource.date,
    resource.created,
    resource.issued,
    resource.recordedDate,
    elementOf(resource.meta)?.lastUpdated,
  )
}

const WITHDRAWN: Record<string, string> = {
  'entered-in-error': '誤記載のため取消',
  'not-done': '実施せず',
  cancelled: '取消',
  revoked: '取消',
}
const ENDED: Record<string, string> = { stopped: '中止', inactive: '終了' }
const NOTED: Record<string, string> = {
  preparation: '準備中',
  'in-progress': '実施中',
  'on-hold': '保留',
  draft: '下書き',
  registered: '未報告',
  partial: '一部のみ',
  preliminary: '暫定',
  unknown: '状態不明',
}

/** R4 marks `status`, `intent`, `actuality` and `active` as changing the meaning, so each has its word. */
function standingOf({ status, intent, actuality, active }: Element): { standing: Standing; notes: string[] } {
  const state = typeof status === 'string' ? status : ''
  const word = (table: Record<string, string>) => (Object.hasOwn(table, state) ? table[state] : undefined)
  const withdrawn = word(WITHDRAWN)
  if (withdrawn !== undefined) return { standing: 'withdrawn', notes: [withdrawn] }
  const ended = word(ENDED) ?? (active === false ? '終了' : undefined)
  const notes = present(
    ended,
    word(NOTED),
    typeof intent === 'string' && intent !== 'order' && intent !== 'plan' ? '予定・提案' : undefined,
    actuality === 'potential' ? '起こりえた事象（未発生）' : undefined,
  )
  return { standing: ended === undefined ? 'stated' : 'ended', notes }
}
