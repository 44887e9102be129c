import type { CodeSystem, ValueSet } from 'fhir/r4.js'
import {
  CATALOGUE_CODES,
  type CatalogueItem,
  ITEM_CATALOGUE,
  ITEM_CODES,
  ITEM_GROUPS,
  SYSTEMS,
} from '../vocabulary/index.ts'

const VERSION = '1.1.0'
const PUBLISHED = '2026-11-23'

/** The catalogue of shared items as FHIR has it: each with its names, group, types, search, counterpart and place. */
export function itemCodeSystem(): CodeSystem {
  return {
    resourceType: 'CodeSystem',
    id: 'item',
    url: SYSTEMS.item,
    version: VERSION,
    name: 'TsunagiSharedItem',
    title: '共有項目 Shared items',
    status: 'active',
    date: PUBLISHED,
    description:
      'Kinds of information that regional EHR networks share: the national 3 documents and 6 data, and what regions share beyond them. Codes of the project; those for care are no part of JP-CLINS.',
    caseSensitive: true,
    content: 'complete',
    count: CATALOGUE_CODES.length,
    property: [
      { code: 'group', description: '3 documents, 6 data, basic, medical or care', type: 'code' },
      { code: 'type', description: 'FHIR type that carries it', type: 'code' },
      {
        code: 'recognised-by',
        description: 'system|code by which it is known, beside the item’s own code',
        type: 'string',
      },
      {
        code: 'search',
        description: 'FHIR search by which it is found, one for each type that is asked for',
        type: 'string',
      },
      {
        code: 'national',
        description: 'Counterpart in the national set; none where it goes beyond that',
        type: 'string',
      },
      { code: 'guideline', description: 'Row of the prefecture’s guideline, 3-3', type: 'string' },
      { code: 'place', description: 'Where it stands on a resident’s page', type: 'code' },
      { code: 'care', description: 'Whether a consent form must cover care for it', type: 'boolean' },
      {
        code: 'refused-with',
        description: 'Item that it is part of: a resident who keeps that back keeps this back too',
        type: 'code',
      },
      { code: 'queried', description: 'Whether a query may name it today', type: 'boolean' },
    ],
    concept: CATALOGUE_CODES.map(conceptOf),
  }
}

function conceptOf(code: CatalogueItem): NonNullable<CodeSystem['concept']>[number] {
  const entry = ITEM_CATALOGUE[code]
  const {
    ja,
    en,
    group,
    types,
    codes = [],
    search = [],
    national,
    guideline,
    place,
    care,
    refusedWith,
  } = entry
  return {
    code,
    display: ja,
    designation: [{ language: 'en', value: en }],
    property: [
      { code: 'group', valueCode: group },
      ...types.map((type) => ({ code: 'type', valueCode: type })),
      ...codes.map((each) => ({ code: 'recognised-by', valueString: each })),
      ...search.map((each) => ({ code: 'search', valueString: each })),
      ...(national === undefined ? [] : [{ code: 'national', valueString: national }]),
      { code: 'guideline', valueString: guideline },
      { code: 'place', valueCode: place },
      { code: 'care', valueBoolean: care },
      ...(refusedWith === undefined ? [] : [{ code: 'refused-with', valueCode: refusedWith }]),
      { code: 'queried', valueBoolean: (ITEM_CODES as readonly string[]).includes(code) },
    ],
  }
}

/** One for each group, one for the national set and one for what a query may name. */
export function itemValueSets(): ValueSet[] {
  const groups = ITEM_GROUPS.map((group) =>
    valueSet(`item-${group}`, (code) => ITEM_CATALOGUE[code].group === group),
  )
  return [
    ...groups,
    valueSet('item-national', (code) => ['document', 'data'].includes(ITEM_CATALOGUE[code].group)),
    valueSet('item-queried', (code) => (ITEM_CODES as readonly string[]).includes(code)),
  ]
}

function valueSet(id: string, includes: (code: CatalogueItem) => boolean): ValueSet {
  const name = id
    .split('-')
    .map((part) => `${part.charAt(0).toUpperCase()}${part.slice(1)}`)
    .join('')
  return {
    resourceType: 'ValueSet',
    id,
    url: `https://tsunagi.example/ValueSet/${id}`,
    version: VERSION,
    name: `Tsunagi${name}`,
    status: 'active',
    date: PUBLISHED,
    compose: {
      include: [
        {
          system: SYSTEMS.item,
          concept: CATALOGUE_CODES.filter(includes).map((code) => ({
            code,
            display: ITEM_CATALOGUE[code].ja,
          })),
        },
      ],
    },
  }
}
