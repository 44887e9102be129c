/** What tells a Bundle of the guides from all others: its institution, its year, and a name of its own (JP-CLINS 1.5.2). */
export const BUNDLE_ID = /^([0-4][0-9][1-3][0-9]{7})\^20[2-3][0-9]\^[A-Za-z0-9-]{1,36}$/
