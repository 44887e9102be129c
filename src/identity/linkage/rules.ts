/** `manual`: a person said so. A0 to A5: see `release-rules.ts`. */
export const RULES = ['manual', 'A0', 'A1', 'A2', 'A3', 'A4', 'A5'] as const
export type LinkRule = (typeof RULES)[number]
