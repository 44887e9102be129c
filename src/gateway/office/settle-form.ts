import { z } from 'zod'
import type { Sentence } from '../../kernel/hub-error.ts'
import { type CardForm, type Field, type OfficeFrame, officeFormPage, type Page } from '../../pages/index.ts'
import { refuse } from '../../vocabulary/index.ts'
import { OUTCOME_CODES, OUTCOMES } from './ask-council.ts'
import { checkNames, type Faults, NOTHING_TYPED, type Sent, said, type Typed, typedIn } from './sent-form.ts'

/** What was typed about one thing on a list, and what is wrong with it. */
export interface Settling {
  id: string
  typed: Typed
}

const outcome = z.enum(OUTCOME_CODES)
const words = z.string().min(10).max(2_000)

const WANTED: Record<'outcome' | 'words', Sentence> = {
  outcome: { ja: '結果を選んでください。', en: 'Choose what came of it.' },
  words: { ja: '10 字以上、2,000 字以内で入力してください。', en: 'Write 10 to 2,000 characters.' },
}

/** Asks for an outcome and for words; `settling` is what was typed last, where it was about this very thing. */
export function settleForm(
  { action, session, id, wordsLabel }: { action: string; session: string; id: string; wordsLabel: Sentence },
  settling: Settling | undefined,
): CardForm {
  const typed = settling?.id === id ? settling.typed : NOTHING_TYPED
  return {
    send: { action, fields: { session, id } },
    fields: fieldsOf(typed, wordsLabel),
    buttons: [{ label: '記録する Record it', kind: 'primary' }],
  }
}

function fieldsOf(typed: Typed, wordsLabel: Sentence): Field[] {
  return [
    {
      ...typedIn(typed, 'outcome'),
      label: { ja: '結果', en: 'Outcome' },
      kind: 'radios',
      isRequired: true,
      options: OUTCOME_CODES.map((value) => ({
        value,
        label: `${OUTCOMES[value].ja} ${OUTCOMES[value].en}`,
      })),
    },
    {
      ...typedIn(typed, 'words'),
      label: wordsLabel,
      kind: 'textarea',
      isRequired: true,
      hint: { ja: '10 字以上', en: '10 characters or more' },
    },
  ]
}

export interface Settled {
  id: string
  outcome: keyof typeof OUTCOMES
  words: string
}

/** What the form says of which thing; or what is wrong with it. */
export function readSettling(sent: Sent): Settled | (Faults & { id: string }) {
  checkNames(sent, fieldsOf(NOTHING_TYPED, WANTED.words), ['id'])
  const id = said(sent, 'id')
  if (id === undefined) throw refuse('parameter-unsupported')
  const read = {
    outcome: outcome.safeParse(said(sent, 'outcome')).data,
    words: words.safeParse(said(sent, 'words')).data,
  }
  if (read.outcome !== undefined && read.words !== undefined)
    return { id, outcome: read.outcome, words: read.words }
  const names = (['outcome', 'words'] as const).filter((name) => read[name] === undefined)
  return { id, fields: new Map(names.map((name) => [name, WANTED[name]])) }
}

/** The form alone, where its list cannot be had just now: what was typed must not be lost. */
export function settleAlonePage(
  frame: OfficeFrame,
  of: { title: Sentence; action: string; session: string; wordsLabel: Sentence },
  { id, typed }: Settling,
): Page {
  const { title, action, session, wordsLabel } = of
  return officeFormPage(frame, {
    title,
    about: [],
    groups: [{ name: title, fields: fieldsOf(typed, wordsLabel) }],
    general: typed.general,
    send: { action, fields: { session, id } },
    submit: { ja: 'もう一度記録する', en: 'Try again' },
  })
}
