import { z } from 'zod'
import type { CodeMap } from './code-maps.ts'

/** R4, ConceptMapEquivalence. */
const EQUIVALENCES = [
  'relatedto',
  'equivalent',
  'equal',
  'wider',
  'subsumes',
  'narrower',
  'specializes',
  'inexact',
  'unmatched',
  'disjoint',
] as const

const uri = z.string().min(1).max(300).regex(/^\S+$/)
const code = z
  .string()
  .min(1)
  .max(100)
  .regex(/^\S+( \S+)*$/)
const display = z.string().max(300).optional()

/** Of one map; a region with more codes has more maps. */
const ELEMENTS_MAX = 20_000

const target = z.strictObject({
  // Only a target that is `unmatched` has no code.
  code: code.optional(),
  display,
  equivalence: z.enum(EQUIVALENCES),
  comment: z.string().max(1_000).optional(),
})

const group = z.strictObject({
  source: uri,
  sourceVersion: z.string().max(100).optional(),
  target: uri,
  targetVersion: z.string().max(100).optional(),
  element: z
    .array(z.strictObject({ code, display, target: z.array(target).max(10).optional() }))
    .min(1)
    .max(ELEMENTS_MAX),
})

/** What depends on other elements, or stands in for whatever is not mapped, would mean more than is read here: it is refused. */
const conceptMap = z.strictObject({
  resourceType: z.literal('ConceptMap'),
  id: z.string().max(64).optional(),
  meta: z.unknown().optional(),
  text: z.unknown().optional(),
  url: uri,
  identifier: z.unknown().optional(),
  version: z.string().min(1).max(64).optional(),
  name: z.string().max(200).optional(),
  title: z.string().max(200).optional(),
  status: z.literal('active'),
  experimental: z.boolean().optional(),
  date: z.string().max(40).optional(),
  publisher: z.string().max(200).optional(),
  contact: z.unknown().optional(),
  description: z.string().max(5_000).optional(),
  useContext: z.unknown().optional(),
  jurisdiction: z.unknown().optional(),
  purpose: z.string().max(5_000).optional(),
  copyright: z.string().max(5_000).optional(),
  sourceUri: uri.optional(),
  sourceCanonical: uri.optional(),
  targetUri: uri.optional(),
  targetCanonical: uri.optional(),
  group: z.array(group).min(1).max(50),
})

/** A ConceptMap as R4 has it, or where it is none that can be used. */
export function readConceptMap(resource: unknown): { map: CodeMap } | { at: string } {
  const read = conceptMap.safeParse(resource)
  if (!read.success) {
    const path = read.error.issues[0]?.path ?? []
    return {
      at: ['ConceptMap', ...path]
        .map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
        .join('')
        .slice(1),
    }
  }
  const { url, version, group: groups } = read.data
  if (groups.reduce((sum, { element }) => sum + element.length, 0) > ELEMENTS_MAX)
    return { at: 'ConceptMap.group' }
  return {
    map: {
      name: version === undefined ? url : `${url}|${version}`,
      groups: groups.map(({ source, target, element }) => ({
        source,
        target,
        elements: element.map(({ code, target: targets = [] }) => ({
          code,
          targets: targets.flatMap(({ code, display, equivalence }) =>
            code === undefined ? [] : [{ code, display, equivalence }],
          ),
        })),
      })),
    },
  }
}
