/** Names of files made of whatever a person calls a thing. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Bytes that a name may take, so that it and its companions (`-wal`, `.lock`) fit into 255. */
const mostBytes = 160

const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)$/i

/** The name with everything replaced that some file system doesn't take; never empty. */
export function safeFileName(name: string): string {
  const plain = name
    .toWellFormed()
    .normalize('NFC')

    .replace(/[\u0000-\u001f\u007f-\u009f<>:"/\\|?*\u200b-\u200f\u2028-\u202e\u2060-\u2069]/g, '_')
    .replace(/^[. ]+|[. ]+$/g, '')
  const [stem = ''] = plain.split('.')
  const whole = plain === '' || reserved.test(stem) ? `_${plain}` : plain
  return cutToBytes(whole, mostBytes)
}

/** A path in `folder` for a new project, with a number where the name is taken. */
export function newProjectPath(folder: string, name: string): string {
  const stem = safeFileName(name.replace(/\.steelyard$/i, ''))
  for (let number = 1; ; number++) {
    const path = join(folder, `${number === 1 ? stem : `${stem} ${number}`}.steelyard`)
    if (!existsSync(path)) return path
  }
}

/** Keeps the end that looks like a suffix. */
function cutToBytes(text: string, most: number): string {
  if (Buffer.byteLength(text) <= most) return text
  const suffix = /\.[A-Za-z0-9]{1,12}$/.exec(text)?.[0] ?? ''
  const room = most - Buffer.byteLength(suffix)
  let stem = ''
  let taken = 0
  for (const letter of text.slice(0, text.length - suffix.length)) {
    taken += Buffer.byteLength(letter)
    if (taken > room) break
    stem += letter
  }
  return stem + suffix
}
