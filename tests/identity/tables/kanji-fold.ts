import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { DatabaseSync } from 'node:sqlite'

export const KANJI_FOLD = new URL('../../../src/identity/normalise/kanji-fold.tsv', import.meta.url)

/**
 * The tables of the MJ reduction map that say "the same character", strongest first, with the letter that stands
 * for each in the file. Those that say "related" or "alike" (dictionaries, analogy) are left out: by them 養 is 美.
 */
const BASES = [
  { letter: 'J', table: 'JIS包摂規準UCS統合規則' },
  { letter: 'K', table: '戸籍統一文字情報_親字正字' },
  { letter: 'N', table: '民一2842号通達別表_誤字俗字正字一覧表_無印' },
  { letter: 'Z', table: '民一2842号通達別表_誤字俗字正字一覧表_俗字' },
  { letter: 'T', table: '民二5202号通知別表_正字俗字等対照表' },
  { letter: 'M', table: '法務省告示582号別表第四_一' },
  { letter: 'M', table: '法務省告示582号別表第四_二' },
  { letter: 'B', table: '民一2842号通達別表_誤字俗字正字一覧表_別字' },
]

const HEADER = `# Made by \`npm run kanji-table\`; do not edit. Licence and attribution: kanji-fold.licence.md
# From MJ縮退マップ (IPA), CC BY-SA 2.1 JP, by way of @mandel59/mojidata
# variant	form	basis: J JIS包摂・UCS統合, K 戸籍統一文字 親字・正字, N Z B 民一2842 無印 俗字 別字, T 民二5202, M 告示582
`

const DATABASE = '@mandel59/mojidata/dist/moji.db'

interface Row {
  variant: string
  form: string
  basis: number
}

/** A variant's form, and the table it stands in (an index into BASES). */
type Forms = Map<string, { form: string; basis: number }>

/** The whole file, the same on every machine. */
export function makeKanjiFold(): string {
  using db = new DatabaseSync(createRequire(import.meta.url).resolve(DATABASE), { readOnly: true })
  const policy = policyOf(db)
  const isEveryday = (character: string) => policy.get(character) === '常用漢字'
  const rows = rowsOf(db).filter(({ variant, form }) => !isEveryday(variant) && variant !== form)
  const characters = rows.filter(({ variant }) => [...variant].length === 1)
  const forms = choose(characters, policy)
  const ends = new Map([...forms.keys()].map((variant) => [variant, endOf(variant, forms)]))
  const sequences = shapesApart(rows, ends)
  const lines = [...ends, ...sequences]
    .filter(([variant, { form }]) => variant !== form)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([variant, { form, basis }]) => `${variant}\t${form}\t${BASES[basis]?.letter}\n`)
  return HEADER + lines.join('')
}

/**
 * Every variant and form of the tables: characters, and sequences for shapes with a variation selector. What
 * Unicode folds by itself (NFKC) is folded before anybody looks here.
 */
function rowsOf(db: DatabaseSync): Row[] {
  return BASES.flatMap(({ table }, basis) => {
    const limit = table.startsWith('戸籍')
      ? 'and ホップ数 = 1'
      : table.startsWith('法務省')
        ? 'and 順位 = 1'
        : ''
    const found = db
      .prepare(
        `select distinct 実装したUCS as "character", 実装したMoji_JohoコレクションIVS as sequence, 縮退UCS as form
           from mji join "mjsm_${table}" using (MJ文字図形名) where true ${limit}`,
      )
      .all() as { character: string | null; sequence: string | null; form: string }[]
    return found.flatMap(({ character, sequence, form }) =>
      [character, sequence]
        .filter((variant) => variant !== null && variant.normalize('NFKC') === variant)
        .map((variant) => ({ variant: variant as string, form: form.normalize('NFKC'), basis })),
    )
  })
}

/**
 * One form a variant. Of several, one that is nobody's variant itself, then the strongest basis, then the more
 * common character: a reader of two records then finds the same form whichever of them was written.
 */
function choose(rows: Row[], policy: Map<string, string>): Forms {
  const variants = new Set(rows.map(({ variant }) => variant))
  const rank = (character: string) => ['常用漢字', '人名用漢字', undefined].indexOf(policy.get(character))
  const better = (a: Row, b: Row) =>
    Number(variants.has(a.form)) - Number(variants.has(b.form)) ||
    a.basis - b.basis ||
    rank(a.form) - rank(b.form) ||
    (a.form < b.form ? -1 : 1)
  const forms: Forms = new Map()
  for (const row of rows.toSorted(better)) if (!forms.has(row.variant)) forms.set(row.variant, row)
  return forms
}

/** Along the chosen forms to the end (熈 煕 熙), so that folding twice is folding once; a ring ends in its least. */
function endOf(variant: string, forms: Forms): { form: string; basis: number } {
  const path = [variant]
  let basis = 0
  for (let next = forms.get(variant); next !== undefined; next = forms.get(next.form)) {
    basis = Math.max(basis, next.basis)
    const at = path.indexOf(next.form)
    if (at >= 0) return { form: path.slice(at).sort()[0] ?? variant, basis }
    path.push(next.form)
  }
  return { form: path.at(-1) ?? variant, basis }
}

/** Shapes whose reduction is another one than that of the character they are a shape of. */
function shapesApart(rows: Row[], ends: Forms): Forms {
  const end = (character: string) => ends.get(character)?.form ?? character
  const shapes = Map.groupBy(
    rows.filter(({ variant }) => [...variant].length === 2),
    ({ variant }) => variant,
  )
  const apart: Forms = new Map()
  for (const [shape, [first, ...others]] of shapes) {
    const base = end([...shape][0] ?? '')
    if (first === undefined || [first, ...others].some(({ form }) => end(form) === base)) continue
    apart.set(shape, { form: end(first.form), basis: first.basis })
  }
  return apart
}

function policyOf(db: DatabaseSync): Map<string, string> {
  const rows = db
    .prepare('select 対応するUCS as c, 漢字施策 as policy from mji where 漢字施策 is not null')
    .all()
  return new Map((rows as { c: string; policy: string }[]).map(({ c, policy }) => [c, policy]))
}

if (import.meta.main) writeFileSync(KANJI_FOLD, makeKanjiFold())
