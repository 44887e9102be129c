/** Any text as it is compared: letters and digits alone, in upper case without accents, one space between words. */
export function foldText(text: string): string | undefined {
  const folded = text
    .normalize('NFD')
    .replace(/(\p{Script=Latin})\p{M}+/gu, '$1')
    .normalize('NFKC')
    .toUpperCase()
    .replace(/['’`´]/gu, '')
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim()
  return folded === '' ? undefined : folded
}
