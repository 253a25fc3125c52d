/** Hands a file to the browser to be saved. */
export function saveFile(name: string, contents: Blob | string, type = 'text/plain'): void {
  const blob = typeof contents === 'string' ? new Blob([contents], { type }) : contents
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = safeFileName(name)
  link.click()
  // The download has taken hold of it long before.
  setTimeout(() => {
    URL.revokeObjectURL(url)
  }, 60_000)
}

const longestStem = 120

/**
 * A name that every file system takes: without separators and control characters, 120 characters
 * before the suffix at most. The suffix, up to five letters or digits, stays.
 */
export function safeFileName(name: string): string {
  const [suffix = ''] = /\.[a-z0-9]{1,5}$/i.exec(name) ?? []
  const stem = name
    .slice(0, name.length - suffix.length)
    .toWellFormed()
    .replace(/[\p{Cc}<>:"/\\|?*]/gu, ' ')
    .replace(/\s+/g, ' ')
  const short = Array.from(stem.trim().replace(/^[. ]+/, ''))
    .slice(0, longestStem)
    .join('')
  return (short.replace(/[. ]+$/, '').trim() || 'steelyard') + suffix
}
