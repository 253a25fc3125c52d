import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of this repository. */
export const repository = dirname(dirname(fileURLToPath(import.meta.url)))

/**
 * Where builds go: `out`, or the folder that STEELYARD_OUT names.
 *
 * @param {string} root  The repository, from a file that is bundled and so can't tell by itself.
 * @returns {string} Absolute path.
 */
export function outFolder(root = repository) {
  const named = process.env['STEELYARD_OUT']
  return named === undefined || named === '' ? join(root, 'out') : resolve(named)
}
