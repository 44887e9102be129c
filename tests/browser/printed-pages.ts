import { inflateSync } from 'node:zlib'

/** What is drawn on each page of a PDF as Chromium writes it: the operators, without the characters' meaning. */
export function printedPages(pdf: Buffer): string[] {
  const text = pdf.toString('latin1')
  const pages = text.match(/<<\/Type \/Page\n[\s\S]*?>>\s*endobj/g) ?? []
  return pages.map((page) => streamOf(text, /\/Contents (\d+) 0 R/.exec(page)?.[1] ?? ''))
}

function streamOf(text: string, object: string): string {
  const start = text.search(new RegExp(`(^|\\n)${object} 0 obj`))
  const from = text.indexOf('stream\n', start) + 'stream\n'.length
  const packed = text.slice(from, text.indexOf('\nendstream', from))
  return inflateSync(Buffer.from(packed, 'latin1')).toString('latin1')
}
