import type { Binary, DocumentReference } from 'fhir/r4.js'
import { SYSTEMS } from '../../../vocabulary/index.ts'
import { momentAgo } from '../days.ts'
import { storyRoleOf } from '../story.ts'
import { type Chart, stamp } from './chart.ts'
import { DISEASES } from './diseases.ts'
import { CODES, PROFILES } from './systems.ts'

/** One 診療情報提供書; the text stands in the resource, or for some beside it in a Binary. */
export function referralIn(chart: Chart): (DocumentReference | Binary)[] {
  const daysAgo = chart.random.between(10, 400)
  const stamped = stamp(chart, PROFILES.document, chart.clinic, daysAgo)
  const data = Buffer.from(textOf(chart), 'utf8').toString('base64')
  const contentType = 'text/plain; charset=utf-8'
  const apart = storyRoleOf(chart.registration.residentId) === undefined && chart.random.chance(0.3)
  const binary: Binary = {
    resourceType: 'Binary',
    id: `b${stamped.id}`,
    meta: { lastUpdated: stamped.meta.lastUpdated },
    contentType,
    securityContext: chart.subject,
    data,
  }
  const place = apart ? { url: `Binary/${binary.id}` } : { data }
  const document: DocumentReference = {
    resourceType: 'DocumentReference',
    ...stamped,
    status: 'current',
    docStatus: 'final',
    type: {
      coding: [{ system: SYSTEMS.documentType, code: '57133-1', display: '診療情報提供書' }],
      text: '診療情報提供書',
    },
    category: [{ coding: [{ system: CODES.documentSubtype, code: 'OUTPATIENT', display: '外来' }] }],
    subject: chart.subject,
    date: momentAgo(chart.today, daysAgo, '16:45:00'),
    author: [{ display: chart.clinic.name }],
    custodian: { display: chart.clinic.name },
    description: `${chart.clinic.name}から${chart.hospital.name}への紹介`,
    content: [
      {
        attachment: {
          contentType,
          language: 'ja',
          title: '診療情報提供書',
          creation: momentAgo(chart.today, daysAgo, '16:45:00'),
          ...place,
        },
      },
    ],
  }
  return apart ? [document, binary] : [document]
}

/** Never names a condition that is kept from other institutions or from the patient. */
function textOf({ plan, clinic, hospital, registration }: Chart): string {
  const names = plan.conditions
    .filter(({ flag }) => flag === undefined)
    .map(({ disease }) => DISEASES[disease].name)
  return [
    '診療情報提供書（架空のデータです）',
    `紹介先：${hospital.name}　御中`,
    `紹介元：${clinic.name}`,
    `患者：${registration.record.family.kanji} ${registration.record.given.kanji} 様`,
    `傷病名：${names.length > 0 ? names.join('、') : '特記事項なし'}`,
    '紹介目的：精査および治療方針のご相談',
    '平素より大変お世話になっております。上記につきご高診のほどお願い申し上げます。',
  ].join('\n')
}
