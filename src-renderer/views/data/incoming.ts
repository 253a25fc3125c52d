/** A table on its way from the start screen, where it was dropped, to the import. */
let waiting: File | null = null

export const incoming = {
  put(file: File): void {
    waiting = file
  },
  /** The file, once. */
  take(): File | null {
    const file = waiting
    waiting = null
    return file
  },
}

export function isProjectFile(name: string): boolean {
  return /\.steelyard$/i.test(name)
}

/** Name of a project or version made from a file: "cards 2026" of "cards 2026.csv". */
export function stemOf(fileName: string): string {
  const stem = fileName.replace(/\.[A-Za-z0-9]{1,10}$/, '').trim()
  return (stem === '' ? fileName.trim() : stem).slice(0, 200) || 'Untitled'
}
