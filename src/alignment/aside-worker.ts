import { parentPort } from 'node:worker_threads'
import { alignAnswers } from './align-answers.ts'
import type { AlignedEntry } from './aligned.ts'
import { type AsideResult, type FromAside, portionAt, type ToAside } from './aside-messages.ts'
import { fitOf } from './fit.ts'
import { tallyTexts } from './tally.ts'

const lists: string[][] = []
let entries: readonly AlignedEntry[] = []
let given = 0
let result: AsideResult | undefined

parentPort?.on('message', (message: ToAside) => parentPort?.postMessage(answerTo(message)))

function answerTo(message: ToAside): FromAside {
  switch (message.kind) {
    case 'texts':
      lists[message.list] = [...(lists[message.list] ?? []), ...message.texts]
      return { kind: 'taken' }
    case 'align':
      align(message)
      return nextEntries()
    case 'tally':
      return { kind: 'done', result: { kind: 'tally', tally: tallyTexts(lists[0] ?? [], message.maps) } }
    case 'next':
      return nextEntries()
  }
}

function align({ sources, asked, isJudged }: Extract<ToAside, { kind: 'align' }>): void {
  const whole = sources.map((source, list) => ({
    ...source,
    resources: (lists[list] ?? []).map((text) => ({ text, ...(isJudged ? { fit: fitOf(text) } : {}) })),
  }))
  const { items, timeline, undisplayed } = alignAnswers(whole, asked)
  entries = timeline
  result = {
    kind: 'align',
    items: items.map(({ entries: _entries, absence, ...item }) => ({
      ...item,
      absence: absence === undefined ? -1 : timeline.indexOf(absence),
    })),
    undisplayed,
  }
}

function nextEntries(): FromAside {
  const portion = portionAt(entries, given)
  given += portion.length
  if (portion.length > 0 || result === undefined) return { kind: 'entries', entries: portion }
  return { kind: 'done', result }
}
