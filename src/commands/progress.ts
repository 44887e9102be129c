const EVERY_MS = { terminal: 200, log: 10_000 }

export interface Progress extends Disposable {
  say(done: number, note?: string): void
  /** Leaves the last word standing. */
  end(): void
}

/** How far long work has come, on standard error: one line that changes on a terminal, now and then one elsewhere. */
export function openProgress(what: string, out: NodeJS.WriteStream = process.stderr): Progress {
  const started = performance.now()
  const everyMs = out.isTTY ? EVERY_MS.terminal : EVERY_MS.log
  let said = started
  let last: string | undefined
  const show = (line: string) => out.write(out.isTTY ? `\r\u001b[K${line}` : `${line}\n`)
  return {
    say(done, note = '') {
      const seconds = (performance.now() - started) / 1000
      const rate = Math.round(done / Math.max(seconds, 0.001))
      last = `${what}: ${done.toLocaleString('en')} (${rate.toLocaleString('en')}/s) ${note}`.trimEnd()
      if (performance.now() - said < everyMs) return
      said = performance.now()
      show(last)
    },
    end() {
      if (last !== undefined) show(`${last}${out.isTTY ? '\n' : ''}`)
      last = undefined
    },
    [Symbol.dispose]() {
      if (last !== undefined && out.isTTY) out.write('\n')
    },
  }
}
