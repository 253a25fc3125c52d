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

/** A name that every system takes. */
function safeFileName(name: string): string {
  const safe = name
    .replace(/[\u0000-\u001f<>:"/\\|?*]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return (safe === '' ? 'chart' : safe).slice(0, 120)
}
