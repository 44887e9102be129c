import type { Verdict } from '../alignment/index.ts'
import { JsonRefused, parseJson } from '../kernel/strict-json.ts'

/**
 * A case of a corpus: a resource with the verdict that somebody expects of it. `issues` are ids of rules that must be
 * named, and where it is empty none may be.
 */
export interface Expected extends ExpectedVerdict {
  /** Of resources inside it, by their paths. */
  entries?: Record<string, ExpectedVerdict>
}

interface ExpectedVerdict {
  level: string
  item: string | null
  issues?: string[]
}

/** A verdict that is not the expected one. */
export interface Difference {
  path: string
  what: 'level' | 'item' | 'issues'
  expected: string
  found: string
}

/** The resource of a case and what is expected of it; undefined for a file that is the resource itself. */
export function readCase(text: string): { text: string; expected: Expected } | undefined {
  if (!text.includes('"expected"')) return undefined
  const value = parsed(text)
  if (!isObject(value) || value.resourceType !== undefined) return undefined
  const { resource, expected } = value
  if (!isObject(resource) || !isObject(expected) || typeof expected.level !== 'string') return undefined
  return { text: JSON.stringify(resource), expected: expected as unknown as Expected }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Undefined for what is no strict JSON: that is judged as it is. */
function parsed(text: string): unknown {
  try {
    return parseJson(text)
  } catch (error) {
    if (error instanceof JsonRefused) return undefined
    throw error
  }
}

/** Where verdicts differ from what their file expects; a file that expects nothing differs from nothing. */
export function differencesOf(verdicts: readonly Verdict[], expected: Expected | undefined): Difference[] {
  if (expected === undefined) return []
  const { entries = {}, ...own } = expected
  return [
    ...differencesAt('', verdicts[0], own),
    ...Object.entries(entries).flatMap(([path, wanted]) =>
      differencesAt(
        path,
        verdicts.find((verdict) => verdict.path === path),
        wanted,
      ),
    ),
  ]
}

function differencesAt(path: string, verdict: Verdict | undefined, wanted: ExpectedVerdict): Difference[] {
  const found = { level: verdict?.level ?? 'none', item: verdict?.item ?? 'none' }
  const differences: Difference[] = []
  for (const what of ['level', 'item'] as const) {
    const expected = wanted[what] ?? 'none'
    if (found[what] !== expected) differences.push({ path, what, expected, found: found[what] })
  }
  const named = verdict?.issues.map(({ rule }) => rule) ?? []
  const { issues = [] } = wanted
  const isNamed = issues.length === 0 ? named.length === 0 : issues.every((rule) => named.includes(rule))
  if (!isNamed) differences.push({ path, what: 'issues', expected: issues.join(' '), found: named.join(' ') })
  return differences
}

export function saidOf(file: string, { path, what, expected, found }: Difference): string {
  const place = path === '' ? file : `${file} ${path}`
  return `期待と違います unexpected  ${place}  ${what}: ${found}（期待 expected: ${expected}）`
}
