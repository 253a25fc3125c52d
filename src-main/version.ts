import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { resources } from './resources.ts'

const packageFile = JSON.parse(readFileSync(join(resources.program, 'package.json'), 'utf8')) as {
  readonly version: string
}

/** The version of this program. */
export const version: string = packageFile.version
