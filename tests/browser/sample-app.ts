import { Hono } from 'hono'
import { fitOf } from '../../src/alignment/fit.ts'
import {
  assetRoutes,
  handOverPage,
  launchPage,
  PAGE_CSP,
  type Page,
  statusPage,
  type ViewerModel,
  viewerPage,
} from '../../src/pages/index.ts'
import { MINATO, NOW, RESOURCES, SAGAMINO, SHIOKAZE, sampleModel } from '../pages/sample-model.ts'

const conditions = Array.from({ length: 60 }, (_, at) => ({
  ...RESOURCES.condition,
  id: `c${at}`,
  code: { text: `高血圧症（第${at + 1}回の記録）` },
  onsetDateTime: `20${String(10 + (at % 15))}-0${(at % 9) + 1}-1${at % 9}`,
}))

/** A patient of two regions, while a third is silent; enough rows to scroll and to print on several pages. */
export const FULL = sampleModel(
  [
    {
      region: MINATO,
      state: 'complete',
      resources: [
        RESOURCES.drugAllergy,
        RESOURCES.foodAllergy,
        RESOURCES.infection,
        RESOURCES.potassium,
        RESOURCES.referral,
        RESOURCES.checkup,
        { ...RESOURCES.prescription, id: 'm9' },
        ...conditions,
      ],
    },
    { region: SAGAMINO, state: 'timeout' },
    {
      region: SHIOKAZE,
      state: 'complete',
      resources: [RESOURCES.prescription, RESOURCES.suspected, RESOURCES.pressure, RESOURCES.careLevel],
    },
  ],
  {},
  fitOf,
)

const allergies = ['medication', 'food'].flatMap((category) =>
  Array.from({ length: 6 }, (_, at) => ({
    ...RESOURCES.drugAllergy,
    id: `${category}${at}`,
    category: [category],
    code: { text: `アモキシシリン水和物・クラブラン酸カリウム${at}`.repeat(2) },
  })),
)

const crowded = sampleModel([
  { region: MINATO, state: 'complete', resources: [...allergies, ...conditions] },
  { region: SAGAMINO, state: 'timeout' },
])

/** As much as a banner can be asked to hold. */
export const CROWDED: ViewerModel = {
  ...crowded,
  patient: { ...crowded.patient, kanji: '長'.repeat(60), kana: 'ナガイ'.repeat(30) },
}

const STATUS = {
  at: NOW.toISOString(),
  hub: { state: 'up', auditSize: 12_345, sealedAt: NOW.toISOString() },
  regions: [MINATO, SAGAMINO, SHIOKAZE].map((region, at) => ({
    ...region,
    stage: 'asking' as const,
    state: (['up', 'down', 'degraded'] as const)[at] ?? 'up',
    lastAnswerAt: at === 1 ? null : NOW.toISOString(),
    lastAskedAt: NOW.toISOString(),
    latencyMs: at === 1 ? null : 180,
  })),
} satisfies Parameters<typeof statusPage>[0]

const PATIENTS = [
  {
    name: '髙橋 文乃',
    note: 'みなととしおかぜに登録。薬剤アレルギーはみなとにしか記録がない。',
    fields: { p: 'a' },
  },
  { name: '齋藤 馨', note: 'さがみ野だけに登録し、しおかぜの病院にかかっている。', fields: { p: 'b' } },
]

/** The pages as a gateway serves them: a list, and a viewer that is reached by posting from it. */
export function sampleApp(model: ViewerModel = FULL): Hono {
  const launch = launchPage({ title: 'しおかぜ総合病院　本日の外来', action: '/viewer', patients: PATIENTS })
  const page = (content: Page) => async () =>
    new Response(String(await content), {
      headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': PAGE_CSP },
    })
  return new Hono()
    .route('/', assetRoutes())
    .get('/', page(launch))
    .get('/hand-over', page(handOverPage({ patientName: '髙橋 文乃', action: '/viewer', fields: {} })))
    .get('/status', page(statusPage(STATUS)))
    .get('/viewer', page(viewerPage(model)))
    .post('/viewer', page(viewerPage(model)))
    .post('/viewer/close', page(launch))
}
