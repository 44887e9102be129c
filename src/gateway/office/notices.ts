import { Hono } from 'hono'
import type { Sentence } from '../../kernel/hub-error.ts'
import { type Card, momentText, officeCardsPage } from '../../pages/index.ts'
import type { Notice } from '../../trust/index.ts'
import { POSTS, PROFESSIONS } from '../../vocabulary/index.ts'
import type { GatewayContext } from '../context.ts'
import { listNotices } from '../notice-store.ts'
import { answer, frameOf, OFFICE_PAGES, type OfficeEnv } from './answer.ts'
import { type Names, wordOf } from './names.ts'

const PATH = '/office/privacy/notices'

/** What the hub told the council unasked, newest first. */
export function noticeRoutes(ctx: GatewayContext) {
  return new Hono<OfficeEnv>().get('/notices', async (c) => {
    const { frame, names } = await frameOf(ctx, c.get('office'), PATH)
    const rows = await listNotices(ctx.db)
    const page = {
      title: OFFICE_PAGES[PATH],
      about: [{ ja: '新しい順に、500 件まで。', en: 'Newest first, at most 500.' }],
      lists: [
        {
          name: { ja: '届いたお知らせ', en: 'What came' },
          cards: rows.map(
            ({ letter, notice, receivedAt }): Card => ({
              id: `letter-${letter}`,
              title: `${KINDS[notice.kind].ja} ${KINDS[notice.kind].en}`,
              facts: [{ label: '受信', value: momentText(receivedAt) }, ...factsOf(notice, names)],
            }),
          ),
          none: { ja: 'お知らせはありません。', en: 'Nothing came.' },
        },
      ],
    }
    return answer(c, officeCardsPage(frame, page))
  })
}

const KINDS: Record<Notice['kind'], Sentence> = {
  'directory-changed': { ja: '参加機関・鍵・接続段階が変わりました', en: 'The directory changed' },
  'policy-recorded': { ja: '閲覧設定が登録されました', en: 'A policy was recorded' },
  'consent-ended': { ja: '同意が終わりました', en: 'A consent ended' },
  standing: { ja: '登録の扱いが変わりました', en: 'A registration’s standing changed' },
  'first-view': { ja: '他の地域の機関が初めて閲覧しました', en: 'A first view from another region' },
  emergency: { ja: '緊急時閲覧がありました', en: 'The glass was broken' },
  'links-changed': { ja: '名寄せが変わりました', en: 'Links changed' },
  'registration-doubted': { ja: '登録内容の確認を求められています', en: 'A registration is doubted' },
  'emergency-habit': { ja: '緊急時閲覧が繰り返されています', en: 'The glass is broken by habit' },
}

/** What stands in a notice, under the names that people know. */
function factsOf(notice: Notice, names: Names): { label: string; value: string }[] {
  const said = notice as Partial<Record<string, unknown>>
  return LABELS.flatMap(([name, label, word]) => {
    const value = said[name]
    return value === undefined ? [] : [{ label, value: word(value, names) }]
  })
}

type Word = (value: unknown, names: Names) => string

const text: Word = (value) => (Array.isArray(value) ? value.join('、') : String(value))
const moment: Word = (value) => momentText(String(value)) ?? ''
const among =
  (words: Record<string, { ja: string }>): Word =>
  (value) =>
    wordOf(words, String(value))

const LABELS: readonly [name: string, label: string, word: Word][] = [
  ['patient', '地域患者ID', text],
  ['version', '版', text],
  ['region', '閲覧した地域', (value, names) => names.region(String(value))],
  ['institution', '閲覧した機関', (value, names) => names.institution(String(value))],
  ['user', '利用者', text],
  ['profession', '職種', among(PROFESSIONS)],
  ['post', '役職', among(POSTS)],
  ['reason', '理由', text],
  ['count', '24時間の回数', text],
  ['fields', '確認を求められた欄', text],
  ['at', '日時', moment],
  ['reportDueAt', '事後報告の期限', moment],
  ['reviewDueOn', '協議会の確認の期限', moment],
]
