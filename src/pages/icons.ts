import { raw } from 'hono/html'

const icon = (paths: string) =>
  raw(
    `<svg class="icon" viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">${paths}</svg>`,
  )

/** Drawn, because a hospital terminal's fonts may lack the signs. Always beside words, never instead of them. */
export const ICONS = {
  done: icon('<circle cx="12" cy="12" r="9"/><path d="m8 12.5 2.7 2.7L16 9.5"/>'),
  alert: icon('<path d="M12 3 2.5 20h19L12 3z"/><path d="M12 10v4.5"/><path d="M12 17.2v.1"/>'),
  failed: icon('<circle cx="12" cy="12" r="9"/><path d="m9 9 6 6m0-6-6 6"/>'),
  paused: icon('<circle cx="12" cy="12" r="9"/><path d="M10 9v6m4-6v6"/>'),
  none: icon('<circle cx="12" cy="12" r="9"/><path d="M8 12h8"/>'),
  unknown: icon('<circle cx="12" cy="12" r="9" stroke-dasharray="3 3.3"/><path d="M9 12h6"/>'),
  allergy: icon(
    '<path d="M8 2.5h8L21.5 8v8L16 21.5H8L2.5 16V8L8 2.5z"/><path d="M12 7.5v5.5"/><path d="M12 16.4v.1"/>',
  ),
} as const

export type IconName = keyof typeof ICONS
