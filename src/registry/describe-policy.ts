import {
  CARE_ITEM_CODES,
  CLINICAL_ITEM_CODES,
  EMERGENCY_GROUNDS,
  INSTITUTION_KIND_CODES,
  INSTITUTION_KINDS,
  type InstitutionKind,
  ITEM_CODES,
  ITEMS,
  type Item,
  namesViewer,
  POST_CODES,
  POSTS,
  type Policy,
  PROFESSION_CODES,
  PROFESSIONS,
  type Profession,
  VISIT_KINDS,
  type Who,
} from '../vocabulary/index.ts'

const NOTHING = '—'

/**
 * A council's policy for people to read, as tables in Markdown: who may view which shared item, then everything else
 * it decides. The default policy in the README is printed by this.
 */
export function describePolicy(policy: Policy): string {
  return [
    ...(policy.draft
      ? ['**初期値（案）であり、協議会の決定ではありません。 A draft; no council has decided it.**', '']
      : []),
    '| 機関 institution | 職種 profession | 役職 post | 閲覧できる項目 items |',
    '|---|---|---|---|',
    ...INSTITUTION_KIND_CODES.flatMap((kind) => rowsOf(policy, kind)).map(rowText),
    '',
    '| 設定 setting | |',
    '|---|---|',
    ...settings(policy).map(rowText),
    '',
  ].join('\n')
}

function rowText(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '／').replaceAll(/\p{Cc}/gu, ' ')).join(' | ')} |`
}

/** One row for all professions of that kind who see the same; whoever sees nothing stands in the last. */
function rowsOf(policy: Policy, kind: InstitutionKind): string[][] {
  const seen = PROFESSION_CODES.flatMap((profession) => viewsOf(policy, kind, profession))
  const bySight = Map.groupBy(seen, ({ posts, items }) => `${posts}|${items}`)
  const rows = [...bySight.values()].map((same) => ({
    professions: same.map(({ profession }) => PROFESSIONS[profession].ja).join('、'),
    posts: same[0]?.posts ?? '',
    items: same[0]?.items ?? NOTHING,
  }))
  return rows
    .sort((one, other) => Number(one.items === NOTHING) - Number(other.items === NOTHING))
    .map(({ professions, posts, items }, index) => [
      index === 0 ? `${INSTITUTION_KINDS[kind].ja} ${INSTITUTION_KINDS[kind].en}` : '',
      ...[professions, posts, items],
    ])
}

function viewsOf(policy: Policy, kind: InstitutionKind, profession: Profession) {
  const byPost = POST_CODES.map((post) => {
    const rows = policy.viewing.filter((row) => namesViewer(row, { kind, profession, post }))
    const named = new Set(rows.flatMap(({ items }) => items))
    return { post, items: itemNames(policy.shared.filter((item) => named.has(item))) }
  })
  const byItems = Map.groupBy(byPost, ({ items }) => items)
  return [...byItems].map(([items, same]) => ({
    profession,
    items,
    posts: postNames(same.map(({ post }) => post)),
  }))
}

function itemNames(items: readonly Item[]): string {
  if (items.length === ITEM_CODES.length) return 'すべて'
  const hasAll = (group: readonly Item[]) => group.every((item) => items.includes(item))
  const groups = [
    { name: '医療情報すべて', items: CLINICAL_ITEM_CODES },
    { name: '介護情報すべて', items: CARE_ITEM_CODES },
  ].filter((group) => hasAll(group.items))
  const grouped = groups.flatMap((group) => group.items)
  const rest = ITEM_CODES.filter((item) => items.includes(item) && !grouped.includes(item))
  return [...groups.map(({ name }) => name), ...rest.map((item) => ITEMS[item].ja)].join('、') || NOTHING
}

function postNames(posts: readonly (keyof typeof POSTS)[]): string {
  return posts.length === POST_CODES.length ? 'すべて' : posts.map((post) => POSTS[post].ja).join('、')
}

function settings(policy: Policy): string[][] {
  const { visits, breakGlass, firstVisit, search, ceilings, proxy, decided } = policy
  const yes = (is: boolean) => (is ? 'する yes' : 'しない no')
  const ground = breakGlass.withoutConsent
  return [
    ['版・施行 version, in force from', `${policy.version}、${policy.effectiveFrom}`],
    ['決定 decided by', `${decided.body}（${decided.on}）${decided.minutes}`],
    ['未受診 unvisited', policy.unvisited === 'block' ? '閲覧不可 blocked' : '警告の確認 two warnings'],
    ['受診とみなすもの visits that count', visits.kinds.map((kind) => VISIT_KINDS[kind].ja).join('、')],
    ['受診とみなす日数・保存日数 days it counts, is kept', `${visits.days}、${visits.keptDays}`],
    ['初診での閲覧 first visit', whoNames(firstVisit.who)],
    ['緊急時閲覧 emergency', whoNames(breakGlass.who)],
    [
      '同意のない緊急時閲覧 emergency without consent',
      ground === null ? '不可 no' : `${EMERGENCY_GROUNDS[ground].ja}`,
    ],
    ['被保険者番号なしの検索 search by name alone', whoNames(search.nameAlone)],
    ['閲覧時の同意確認 consent at each viewing', yes(policy.atQueryConsent)],
    [
      '一日の上限人数 residents a day',
      `利用者 user ${ceilings.perUser}、機関 institution ${ceilings.perInstitution}`,
    ],
    ['同意書の読み方 forms', formNames(policy)],
    ['窓口の二人目確認 second look at the desk', `${policy.secondCheckPercent} %`],
    ['提供しない項目の表示 shows what is withheld', yes(policy.showsWithholding)],
    ['死亡後の閲覧日数 days after death', String(policy.deceasedDays)],
    ['代理人の同意の失効 proxies lapse', `${proxy.lapsesAtAge} 歳、猶予 ${proxy.graceDays} 日 days of grace`],
  ]
}

function whoNames(rows: readonly Who[]): string {
  const names = rows.map(({ kinds, professions, posts }) => {
    const places = kinds.map((kind) => INSTITUTION_KINDS[kind].ja).join('・')
    const people = professions.map((profession) => PROFESSIONS[profession].ja).join('・')
    return `${places}の${people}${posts.length === POST_CODES.length ? '' : `（${postNames(posts)}）`}`
  })
  return names.join('、') || 'なし nobody'
}

const COVERS = {
  'own-region': '自地域内のみ',
  medical: '他地域・医療',
  'medical-and-care': '他地域・医療と介護',
}

function formNames({ forms }: Policy): string {
  const names = Object.entries(forms)
    .map(([form, { covers, body, on }]) => `${form}：${COVERS[covers]}（${body} ${on}）`)
    .sort()
  return names.join('、') || 'なし：他地域へは提供しない none read, so nothing crosses regions'
}
