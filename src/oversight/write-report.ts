import type { AuditEvent, Bundle } from 'fhir/r4.js'
import { DENY_REASONS, GROUNDS, tokyoDate } from '../consent/index.ts'
import type { Registry } from '../registry/index.ts'
import {
  ITEM_CODES,
  ITEMS,
  type Item,
  POSTS,
  type Post,
  PROFESSIONS,
  type Profession,
  SYSTEMS,
} from '../vocabulary/index.ts'
import type { Disclosure } from './disclosures.ts'
import type { DisclosureReport } from './report-disclosures.ts'

type Names = Pick<Registry, 'regions' | 'institutions'>

const OUTCOMES = {
  given: '提供した',
  'nothing-held': '該当する記録なし',
  'not-obtained': '提供に至らず（応答なし等）',
  denied: '提供しなかった',
} as const

/** As FHIR R4 AuditEvents; outcome 0 gave something, 4 did not. */
export function reportBundle(
  { asked, region, madeAt, disclosures, isCut }: DisclosureReport,
  names: Names,
): Bundle {
  return {
    resourceType: 'Bundle',
    type: 'collection',
    timestamp: madeAt.toISOString(),
    ...(isCut ? { meta: { tag: [{ system: SYSTEMS.completeness, code: 'partial' }] } } : {}),
    entry: disclosures.map((each) => ({
      resource: auditEvent(each, { region, patient: asked.patient }, names),
    })),
  }
}

function auditEvent(each: Disclosure, of: { region: string; patient: string }, names: Names): AuditEvent {
  const system = names.regions.find(({ id }) => id === of.region)?.patientSystem ?? SYSTEMS.region
  return {
    resourceType: 'AuditEvent',
    type: { system: 'http://terminology.hl7.org/CodeSystem/audit-event-type', code: 'rest' },
    subtype: [{ system: 'http://hl7.org/fhir/restful-interaction', code: 'search' }],
    action: 'E',
    recorded: each.at.toISOString(),
    outcome: each.outcome === 'given' || each.outcome === 'nothing-held' ? '0' : '4',
    outcomeDesc: sentenceOf(each),
    purposeOfEvent: [{ coding: [{ system: SYSTEMS.purpose, code: each.purpose }] }],
    agent: [
      {
        requestor: true,
        role: [
          { coding: [{ system: SYSTEMS.profession, code: each.profession }] },
          { coding: [{ system: SYSTEMS.post, code: each.post }] },
        ],
        who: {
          identifier: { system: SYSTEMS.institutionNumber, value: each.institution },
          display: institutionOf(each, names),
        },
      },
    ],
    source: { observer: { identifier: { system: SYSTEMS.region, value: of.region } } },
    entity: [
      {
        what: { identifier: { system, value: of.patient } },
        role: { system: 'http://terminology.hl7.org/CodeSystem/object-role', code: '1' },
        detail: [
          { type: 'asked', valueString: each.asked.join(' ') },
          { type: 'given', valueString: each.given.join(' ') || 'none' },
          ...(each.ground === undefined ? [] : [{ type: 'ground', valueString: each.ground }]),
          ...(each.reason === undefined ? [] : [{ type: 'reason', valueString: each.reason }]),
        ],
      },
    ],
  }
}

/** Plain Japanese, to be printed and handed over. Kinds of information are named, never what stood in them. */
export function reportText(report: DisclosureReport, names: Names): string {
  const { asked, madeAt, disclosures, isCut } = report
  const region = names.regions.find(({ id }) => id === report.region)?.name ?? report.region
  return [
    '診療情報等の閲覧・照会の記録（本人開示用）',
    '',
    `地域EHR：${region}`,
    `地域患者ID：${asked.patient}`,
    `作成日時：${momentOf(madeAt)}`,
    `請求者：${{ self: '本人', guardian: '親権者・後見人', agent: '代理人' }[asked.requester.relation]}（確認：${asked.requester.identityChecked}）`,
    `件数：${disclosures.length}件${isCut ? '（一部のみ。期間を区切って請求してください）' : ''}`,
    '',
    ...disclosures.flatMap((each, index) => [
      `${index + 1}. ${momentOf(each.at)}`,
      ...linesOf(each, names),
      '',
    ]),
    ...(disclosures.length === 0 ? ['この期間に、他の地域との間の照会はありません。', ''] : []),
    'この記録には、どのような種類の情報が照会・提供されたかを載せ、情報の内容は載せていません。',
    '他の地域の登録にもとづく提供は、その地域の協議会にお尋ねください。',
    '',
  ].join('\n')
}

function linesOf(each: Disclosure, names: Names): string[] {
  const profession = PROFESSIONS[each.profession as Profession]?.ja ?? each.profession
  const post = POSTS[each.post as Post]?.ja ?? each.post
  return [
    `   照会した機関：${institutionOf(each, names)}（${each.institution}）`,
    `   職種・役職：${profession}・${post}`,
    `   照会した項目：${itemsText(each.asked)}`,
    ...(each.ground === undefined ? [] : [`   根拠：${GROUNDS[each.ground].ja}`]),
    ...(each.emergency === undefined ? [] : [`   緊急の理由：${each.emergency}`]),
    `   結果：${sentenceOf(each)}`,
  ]
}

function sentenceOf({ outcome, given, reason }: Disclosure): string {
  if (outcome === 'given') return `${OUTCOMES.given}（対象：${itemsText(given)}）`
  if (reason === undefined) return OUTCOMES[outcome]
  const why =
    reason === 'withdrawn-meanwhile' ? '照会中に状況が変わったため' : (DENY_REASONS[reason]?.ja ?? '')
  return `${OUTCOMES[outcome]}（${why}）`
}

function itemsText(items: readonly string[]): string {
  if (items.length === 0) return 'なし'
  if (ITEM_CODES.every((item) => items.includes(item))) return 'すべての共有項目'
  return items.map((item) => ITEMS[item as Item]?.ja ?? item).join('、')
}

function institutionOf({ institution, region }: Disclosure, { institutions, regions }: Names): string {
  const place = regions.find(({ id }) => id === region)?.name ?? region
  return `${institutions.get(institution)?.name ?? '（名称不明）'}／${place}`
}

function momentOf(at: Date): string {
  const [year, month, day] = tokyoDate(at).split('-').map(Number)
  const time = new Date(at.getTime() + 9 * 3_600_000).toISOString().slice(11, 16)
  return `${year}年${month}月${day}日 ${time}`
}
