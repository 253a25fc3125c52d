/** Names under which parts of a report are saved. */

/** A name that every file system takes: without separators and control characters, at most 80 long. */
export function fileStem(title: string): string {
  const plain = title
    // eslint-disable-next-line no-control-regex -- these are what must go
    .replace(/[\u0000-\u001f\u007f<>:"/\\|?*]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^\.+/, '')
    .replace(/[. ]+$/, '')
  return [...plain].slice(0, 80).join('').trim() || 'report'
}

/** `Card fraud, threshold.csv` for the table `threshold` of the report `Card fraud`. */
export function tableFileName(title: string, table: string): string {
  return `${fileStem(title)}, ${fileStem(table.replaceAll('_', ' '))}.csv`
}
