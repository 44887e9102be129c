import type { Transaction } from '../kernel/database.ts'

/** Who calls, once the signed request has been verified: the region is whoever holds the key. */
export interface Caller {
  region: string
  /** The identifier system of the region's own patient ids. */
  patientSystem: string
  /** The region is only being connected: synthetic residents, marked as such, are all it may feed. */
  isTrying?: boolean
}

/** What the doors of hub and gateway leave for the routes behind them. */
export interface HubEnv {
  Variables: {
    /** The reference number (お問い合わせ番号) of this call, in every outcome and log line. */
    requestId: string
    /** The body's exact text, checked for size and encoding; empty when there is none. */
    body: string
    caller: Caller
    /** Opens the transaction in which this call acts; the signed request is used up in it, so it acts once. */
    act: <T>(change: (tx: Transaction) => Promise<T>) => Promise<T>
  }
}
