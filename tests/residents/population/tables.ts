import { readFileSync } from 'node:fs'

/** The rows of a table under `data`, without its header. */
export function readTable(name: string): string[][] {
  const [, ...rows] = read(name).trim().split('\n')
  return rows.map((row) => row.split(','))
}

/** The sections of a list under `data`: `[heading]`, then `reading spelling spelling …` a line. */
export function readSections(name: string): Map<string, { kana: string; spellings: string[] }[]> {
  const sections = new Map<string, { kana: string; spellings: string[] }[]>()
  let section: { kana: string; spellings: string[] }[] = []
  for (const line of read(name).trim().split('\n')) {
    if (line.startsWith('#')) continue
    const heading = /^\[(.+)\]$/.exec(line)?.[1]
    if (heading !== undefined) {
      section = []
      sections.set(heading, section)
      continue
    }
    const [kana = '', ...spellings] = line.split(' ')
    section.push({ kana, spellings })
  }
  return sections
}

function read(name: string): string {
  return readFileSync(new URL(`../data/${name}`, import.meta.url), 'utf8')
}
