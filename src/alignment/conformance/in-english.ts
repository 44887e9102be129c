import table from '../rules/english.json' with { type: 'json' }

const SENTENCES = new Map(Object.entries(table))

/** Sentences with something of the rule in them: `{}` in both languages, in the same order. */
const TEMPLATES = Object.entries(table)
  .filter(([japanese]) => japanese.includes('{}'))
  .map(([japanese, english]) => ({
    form: new RegExp(`^${japanese.split('{}').map(RegExp.escape).join('(.*)')}$`),
    english,
  }))

/** What a slice is known by, behind a count: `（system=http://…）`. */
const ABOUT = /（((?:[A-Za-z.]+=|http).*)）$/

/** A breach's sentence in English; undefined for one that is none of ours. */
export function inEnglish(text: string): string | undefined {
  const [behind, about] = ABOUT.exec(text) ?? []
  const sentence = behind === undefined ? text : text.slice(0, -behind.length)
  const english = SENTENCES.get(sentence) ?? fromTemplate(sentence)
  return english === undefined || about === undefined ? english : `${english} (${about})`
}

function fromTemplate(sentence: string): string | undefined {
  for (const { form, english } of TEMPLATES) {
    const [whole, ...parts] = form.exec(sentence) ?? []
    if (whole !== undefined)
      return english.split('{}').reduce((told, next, index) => `${told}${parts[index - 1]}${next}`)
  }
  return undefined
}
