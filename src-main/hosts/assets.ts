/** The built page, as both hosts serve it. */
import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { reportStyle } from '../files/report/report-style.ts'

export interface Asset {
  readonly body: Buffer<ArrayBuffer>
  readonly headers: Readonly<Record<string, string>>
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

/** Segments of plain names; none starts with a dot, so none leads upwards. */
const plainPath = /^(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/

/** The report is shown in a frame without scripts, which inherits the policy of the page. */
const reportStyleHash = `'sha256-${createHash('sha256').update(reportStyle).digest('base64')}'`

/** @param connect Where the page may connect to, as sources of `connect-src`. */
function contentSecurityPolicy(connect: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' ${reportStyleHash}`,
    // Charts and overlays place themselves with style attributes; these can't run code.
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src ${connect}`,
    "worker-src 'self'",
    "frame-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/**
 * What lies at a path of the page: a file below `folder` of a known type, else null.
 *
 * @param connect As of `contentSecurityPolicy`.
 */
export function createAssets(
  folder: string,
  connect: string,
): (pathname: string) => Promise<Asset | null> {
  const policy = contentSecurityPolicy(connect)
  return async (pathname) => {
    const path = decoded(pathname === '/' ? '/index.html' : pathname)
    const type = path === null ? undefined : types[extname(path)]
    if (path === null || type === undefined || !plainPath.test(path)) return null
    const file = join(folder, path)
    const isFile = await stat(file).then(
      (found) => found.isFile(),
      () => false,
    )
    if (!isFile) return null
    return {
      body: await readFile(file),
      headers: {
        'content-type': type,
        'content-security-policy': policy,
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
        // Names of assets hold a hash of what is in them.
        'cache-control': path.startsWith('/assets/')
          ? 'private, max-age=31536000, immutable'
          : 'no-store',
      },
    }
  }
}

function decoded(pathname: string): string | null {
  try {
    return decodeURIComponent(pathname)
  } catch {
    return null
  }
}
