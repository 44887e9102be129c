import { html } from 'hono/html'
import type { AlignedEntry, AlignedItem, ItemStatus } from '../alignment/index.ts'
import { dateText } from './dates.ts'
import type { IconName } from './icons.ts'
import type { Page } from './page.ts'

/** What each status is called, everywhere alike. Only what somebody recorded may read as "none". */
export const STATUS_WORDS = {
  recorded: { ja: '記録あり', icon: 'done' },
  'none-known': { ja: 'なし（確認の記録あり）', icon: 'none' },
  'not-recorded': { ja: '記録がありません', icon: 'unknown' },
  'not-obtainable': { ja: '取得できません', icon: 'failed' },
  'not-provided': { ja: '記録がない、または提供されていません', icon: 'unknown' },
} as const satisfies Record<ItemStatus, { ja: string; icon: IconName }>

/** What a reader must know beside the status; undefined where the status says all. */
export function caution({
  status,
  incomplete,
  shortOf,
  undisplayed,
  absence,
}: AlignedItem): string | undefined {
  if (incomplete) {
    const regions = shortOf.map(({ name }) => name)
    const parts = [
      ...(regions.length > 0 ? [`${nameSome(regions)}から取得できません。`] : []),
      ...(undisplayed > 0 ? [`表示できない項目が${undisplayed}件あり、内容を取得できません。`] : []),
    ]
    return `${parts.join('')}${status === 'recorded' ? 'ほかにも記録がありえます。' : '有無は判断できません。'}`
  }
  if (status === 'none-known' && absence !== undefined) return recordedBy(absence)
  if (status === 'not-recorded' || status === 'not-provided') return 'ないことを確認した記録ではありません。'
  return undefined
}

function recordedBy({ date, holdings }: AlignedEntry): string {
  const day = date === undefined ? undefined : dateText(date)
  return `${nameSome(holdings.map(({ region }) => region.name))}、${day ?? '日付不明'}の記録による。`
}

const NAMES_MAX = 3

/** A few names, and how many more. Long ones are cut: the names are the councils' own, but nobody bounded them here. */
export function nameSome(names: readonly string[]): string {
  const named = names.slice(0, NAMES_MAX).map((name) => (name.length > 40 ? `${name.slice(0, 39)}…` : name))
  const more = names.length - named.length
  return `${named.join('、')}${more > 0 ? `ほか${more}地域` : ''}`
}

/** Entries that stand on record: not withdrawn, and not a statement that there is none. */
export function onRecord({ entries }: AlignedItem): AlignedItem['entries'] {
  return entries.filter(({ standing, absent }) => standing !== 'withdrawn' && absent === undefined)
}

const FLAGS = { LTS: '長期保存', UNINFORMED: '本人に未告知' } as const

/** The national flags, wherever the entry is named: the patient may be looking at the same screen. */
export function flagMarks(flags: AlignedEntry['flags']): Page {
  return html`${flags.map((flag) => html` <span class="flag" data-flag="${flag}">${FLAGS[flag]}</span>`)}`
}
