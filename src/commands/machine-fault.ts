/** What a person can mend of the machine, by the name that Node gives it. */
const MACHINE: Record<string, string> = {
  EACCES: '権限がありません。 Not permitted.',
  EADDRINUSE: '既に使われています。 Already in use.',
  EADDRNOTAVAIL: 'この機械のアドレスではありません。 No address of this machine.',
  EEXIST: '既にあります。 It exists already.',
  EISDIR: 'ファイルではありません。 Not a file.',
  ENOENT: '見つかりません。 There is no such file or folder.',
  ENOSPC: '空き容量がありません。 The disk is full.',
  ENOTDIR: 'フォルダーではありません。 Not a folder.',
  EPERM: '権限がありません。 Not permitted.',
  EROFS: '書き込めません。 It cannot be written to.',
}

/**
 * One line for a file, a folder or an address that is not as it should be; undefined for any other error. `named` is
 * what the caller named, where Node does not say: of a folder that was read like a file.
 */
export function machineFaultOf(error: unknown, named?: string): string | undefined {
  if (!(error instanceof Error)) return undefined
  const { code, path, syscall, address, port } = error as NodeJS.ErrnoException & {
    address?: string
    port?: number
  }
  // A connection that was not made is the database's, not the machine's.
  const sentence = syscall === 'connect' ? undefined : MACHINE[code ?? '']
  if (sentence === undefined) return undefined
  const what = path ?? named ?? (address === undefined ? syscall : `${address}:${port ?? ''}`)
  return `${what}: ${sentence}`
}
