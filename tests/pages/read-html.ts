/** What a reader sees of a page: its text without tags, entities read. */
export function textOf(html: string): string {
  return html
    .replace(/<head>[\s\S]*?<\/head>/, '')
    .replace(/<[^>]*>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')
}

/** Every tag of a page, as written. */
export function tagsOf(html: string): string[] {
  return html.match(/<[a-z!/][^>]*>/gi) ?? []
}

/** The box of an item in the summary. */
export function boxOf(html: string, item: string): string {
  return between(html, `<section class="box" data-item="${item}"`, '</section>')
}

/** The banner's line about an item: 薬剤アレルギー等 or その他アレルギー等. */
export function allergyLineOf(html: string, name: string): string {
  const lines = html.match(/<p class="allergy"[\s\S]*?<\/p>/g) ?? []
  const line = lines.find((each) => each.includes(name))
  if (line === undefined) throw new Error(`The banner has no line about ${name}.`)
  return line
}

export function bannerOf(html: string): string {
  return between(html, '<header class="banner"', '</header>')
}

export function timelineOf(html: string): string {
  return between(html, '<section aria-labelledby="timeline">', '</section>')
}

function between(html: string, start: string, end: string): string {
  const from = html.indexOf(start)
  const to = html.indexOf(end, from)
  if (from < 0 || to < 0) throw new Error(`The page has no ${start}`)
  return html.slice(from, to)
}
