/** Names under which parts of a report are saved; what no file system takes goes when they are. */

const longestTitle = 80

/** `Card fraud.html` */
export function reportFileName(title: string): string {
  return `${shortTitle(title)}.html`
}

/** `Card fraud, threshold.csv` for the table `threshold` of the report `Card fraud`. */
export function tableFileName(title: string, table: string): string {
  return `${shortTitle(title)}, ${table}.csv`
}

/** `Card fraud, tables.zip` */
export function tablesFileName(title: string): string {
  return `${shortTitle(title)}, tables.zip`
}

/** Leaves room for what a table is called. */
function shortTitle(title: string): string {
  return Array.from(title.trim()).slice(0, longestTitle).join('') || 'Report'
}
