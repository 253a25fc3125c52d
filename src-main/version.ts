import { readFileSync } from 'node:fs'

const packageFile = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as { readonly version: string }

/** The version of this program. */
export const version: string = packageFile.version
