import type { z } from 'zod'
import type { Fault } from '../kernel/hub-error.ts'
import { ITEM_CODES, ITEMS, refuse } from '../vocabulary/index.ts'
import { type DeskForm, deskFormSchema } from './desk-form.ts'
import { decodeCsv, readCsv } from './read-csv.ts'

export const BATCH_BYTES_MAX = 1024 * 1024
export const BATCH_LINES_MAX = 2_000
const FIELD_CHARS_MAX = 500

/** A line of a batch: an entry, or what is wrong with it. */
export type BatchLine = { line: number; form: DeskForm } | { line: number; faults: Fault[] }

/** The columns, by the names a file may give them. */
const COLUMNS = {
  receipt: ['受付番号', 'receipt'],
  patient: ['患者ID', 'patient'],
  kind: ['区分', 'kind'],
  form: ['同意書の版', 'form'],
  signedOn: ['署名日', 'signed'],
  enteredOn: ['入力日', 'entered'],
  enteredBy: ['入力者', 'entered by'],
  proxyName: ['代理人氏名', 'proxy'],
  relation: ['続柄', 'relation'],
  residentBorn: ['本人生年月日', 'resident born'],
  until: ['有効期限', 'until'],
  refusedItems: ['拒否項目', 'refused items'],
  refusedInstitutions: ['拒否機関', 'refused institutions'],
  refusedRegions: ['拒否地域', 'refused regions'],
  deceasedOn: ['死亡日', 'deceased'],
  reason: ['理由', 'reason'],
} as const
type Column = keyof typeof COLUMNS

const NEEDED: readonly Column[] = ['receipt', 'patient', 'kind', 'signedOn', 'enteredOn']

const WORDS: Record<string, string> = {
  同意: 'consent',
  撤回: 'withdrawal',
  停止: 'stop',
  脱退: 'left',
  転出: 'left',
  死亡: 'deceased',
  死亡取消: 'not-deceased',
  親権者: 'parent',
  後見人: 'guardian',
  ...Object.fromEntries(ITEM_CODES.map((item) => [ITEMS[item].ja.normalize('NFKC'), item])),
}

/**
 * Reads a batch of paper forms (CSV, UTF-8 or CP932): each line stands alone, a bad one is named with its faults and
 * the rest goes in. Refuses the whole only where it is no such file: its encoding, its columns, its size.
 */
export function readDeskBatch(bytes: Uint8Array): BatchLine[] {
  if (bytes.byteLength > BATCH_BYTES_MAX) throw refuse('body-too-large')
  const text = decodeCsv(bytes)
  if (text === undefined) throw refuse('batch-unreadable')
  const [header, ...rows] = readCsv(text, BATCH_LINES_MAX + 1)
  const columns = columnsOf(header?.fields)
  if (rows.length > BATCH_LINES_MAX) throw refuse('body-too-large')
  return rows.map(({ line, fields }) => readRow(line, fields, columns))
}

function columnsOf(fields: string[] | undefined): Column[] {
  const columns = (fields ?? []).map((field) => {
    const name = field.normalize('NFKC').trim()
    const found = Object.entries(COLUMNS).find(([, names]) => (names as readonly string[]).includes(name))
    if (found === undefined) throw refuse('batch-unreadable', { at: '1' })
    return found[0] as Column
  })
  const isWhole = new Set(columns).size === columns.length && NEEDED.every((each) => columns.includes(each))
  if (!isWhole) throw refuse('batch-unreadable', { at: '1' })
  return columns
}

function readRow(line: number, fields: string[] | undefined, columns: readonly Column[]): BatchLine {
  if (fields === undefined)
    return { line, faults: [fault('', '引用符が正しくありません。', 'The quotes do not fit.')] }
  if (fields.length !== columns.length || fields.some(({ length }) => length > FIELD_CHARS_MAX)) {
    const said = `${columns.length} 列が必要です。`
    return { line, faults: [fault('', said, `Needs ${columns.length} columns of at most 500 characters.`)] }
  }
  const read = deskFormSchema.safeParse(formOf(columns, fields))
  if (read.success) return { line, form: read.data }
  const places = new Set(read.error.issues.map(placeOf))
  return {
    line,
    faults: [...places].map((at) => fault(at, `${namesOf(at)}が正しくありません。`, `${at} is not valid.`)),
  }
}

function formOf(columns: readonly Column[], fields: readonly string[]): object {
  const texts = new Map(columns.map((column, index) => [column, clean(column, fields[index] ?? '')]))
  const text = (column: Column) => texts.get(column) || undefined
  const word = (column: Column) => translated(text(column))
  const list = (column: Column) =>
    (text(column) ?? '')
      .split(/[;、]/)
      .map((each) => each.trim())
      .filter(Boolean)
      .map(translated)
  const proxy = {
    name: text('proxyName'),
    relation: word('relation'),
    residentBorn: dayOf(text('residentBorn')),
  }
  const hasProxy = Object.values(proxy).some((each) => each !== undefined)
  return {
    receipt: text('receipt'),
    patient: text('patient'),
    kind: word('kind'),
    form: text('form'),
    signedOn: dayOf(text('signedOn')),
    enteredOn: dayOf(text('enteredOn')),
    enteredBy: text('enteredBy'),
    proxy: hasProxy ? proxy : undefined,
    until: dayOf(text('until')),
    refusedItems: list('refusedItems'),
    refusedInstitutions: list('refusedInstitutions'),
    refusedRegions: list('refusedRegions'),
    deceasedOn: dayOf(text('deceasedOn')),
    reason: text('reason'),
  }
}

/** Names and reasons are kept as they are written; everything else is a code, a number or a day. */
const WRITTEN: readonly Column[] = ['proxyName', 'enteredBy', 'reason']

function clean(column: Column, text: string): string {
  return (WRITTEN.includes(column) ? text : text.normalize('NFKC')).trim()
}

function translated(word: string | undefined): string | undefined {
  return word !== undefined && Object.hasOwn(WORDS, word) ? WORDS[word] : word
}

/** 2026/6/1 as spreadsheets write it, beside 2026-06-01. */
function dayOf(text: string | undefined): string | undefined {
  const parts = /^(\d{4})[/-](\d{1,2})[/-](\d{1,2})$/.exec(text ?? '')
  if (parts === null) return text
  const [, year = '', month = '', day = ''] = parts
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}

function placeOf({ path }: z.core.$ZodIssue): string {
  const [first, second] = path.map(String)
  if (first !== 'proxy') return first ?? ''
  return second === 'name' ? 'proxyName' : (second ?? 'relation')
}

function namesOf(at: string): string {
  return Object.hasOwn(COLUMNS, at) ? COLUMNS[at as Column][0] : '行'
}

function fault(at: string, ja: string, en: string): Fault {
  return { at, ja, en }
}
