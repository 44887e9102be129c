import { describe, expect, test } from 'vitest'
import { alignAnswers } from '../../src/alignment/index.ts'
import { ITEM_CODES } from '../../src/vocabulary/index.ts'

/** The one entry that a region's answer of one record makes. */
function shown(resource: object) {
  const text = JSON.stringify({ id: 'x', ...resource })
  const region = { id: 'minato', name: 'みなと' }
  const { timeline, undisplayed } = alignAnswers(
    [{ region, state: 'complete', resources: [{ text }] }],
    ITEM_CODES,
  )
  return { entry: timeline[0], undisplayed: undisplayed.length }
}

const text = (words: string) => ({ text: words })

describe('what was done, planned or noted is shown in words', () => {
  test.each<[string, object, object]>([
    [
      'an operation',
      {
        resourceType: 'Procedure',
        status: 'completed',
        code: text('胆嚢摘出術'),
        performedDateTime: '2025-03-04',
      },
      { item: 'treatment', title: '胆嚢摘出術', date: '2025-03-04', standing: 'stated', notes: [] },
    ],
    [
      'an injection by its drug',
      {
        resourceType: 'MedicationAdministration',
        status: 'completed',
        medicationCodeableConcept: text('セファゾリン'),
        effectivePeriod: { start: '2025-03-04' },
      },
      { item: 'injection', title: 'セファゾリン', date: '2025-03-04' },
    ],
    [
      'a report with its conclusion',
      {
        resourceType: 'DiagnosticReport',
        status: 'preliminary',
        category: [{ coding: [{ system: 'http://loinc.org', code: 'LP29684-5' }] }],
        code: text('腹部CT'),
        conclusion: '胆石',
      },
      { item: 'imaging-report', title: '腹部CT', details: ['胆石'], notes: ['暫定'] },
    ],
    [
      'a plan by its title',
      { resourceType: 'CarePlan', status: 'revoked', intent: 'plan', title: '計画書', description: '週1回' },
      { item: 'care-plan', title: '計画書', details: ['週1回'], standing: 'withdrawn', notes: ['取消'] },
    ],
    [
      'a relative by the relation, and no more if no name is there',
      { resourceType: 'RelatedPerson', active: false, relationship: [text('長女')], name: [text('架空 花')] },
      { item: 'family', title: '長女', details: ['架空 花'], standing: 'ended', notes: ['終了'] },
    ],
    [
      'a reaction that only might have been',
      { resourceType: 'AdverseEvent', actuality: 'potential', event: text('誤薬'), date: '2025-01-02' },
      { item: 'adverse-reaction', title: '誤薬', notes: ['起こりえた事象（未発生）'] },
    ],
    [
      'a treatment that was not done',
      { resourceType: 'Procedure', status: 'not-done', code: text('輸血') },
      { item: 'treatment', standing: 'withdrawn', notes: ['実施せず'] },
    ],
    [
      'a diet, proposed',
      {
        resourceType: 'NutritionOrder',
        status: 'active',
        intent: 'proposal',
        oralDiet: { type: [text('減塩食')] },
      },
      { item: 'nutrition', title: '減塩食', notes: ['予定・提案'] },
    ],
    [
      'images by their description and number',
      { resourceType: 'ImagingStudy', status: 'available', description: '胸部X線', numberOfInstances: 2 },
      { item: 'imaging', title: '胸部X線', details: ['画像 2枚'] },
    ],
  ])('%s', (_, resource, expected) => {
    expect(shown(resource).entry).toMatchObject(expected)
  })

  test('what something unknown changes is counted and not shown', () => {
    const changed = { resourceType: 'Procedure', code: text('輸血'), modifierExtension: [{ url: 'urn:x' }] }
    expect(shown(changed)).toEqual({ entry: undefined, undisplayed: 1 })
  })
})
