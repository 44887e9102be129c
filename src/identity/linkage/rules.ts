/** `manual`: a person said so. A0 to A5: see `release-rules.ts`. S: by the score alone, for general data. */
export const RULES = ['manual', 'A0', 'A1', 'A2', 'A3', 'A4', 'A5', 'S'] as const
export type LinkRule = (typeof RULES)[number]
