import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const sourcesDir = join(import.meta.dirname, 'assembly')
const cacheDir = join(import.meta.dirname, '../../.cache/kernels')

/**
 * No runtime, no allocation, one imported memory. No relaxed SIMD: its results depend on the machine.
 */
const compilerOptions = [
  ...['-O3', '--noAssert', '--runtime', 'stub', '--noExportMemory'],
  ...['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'],
  ...['--enable', 'simd', '--enable', 'threads', '--enable', 'bulk-memory'],
  ...['--use', 'abort='],
]

/**
 * The compiled code of every kernel module: each AssemblyScript file directly in `assembly`.
 *
 * Compiles on first need, into a folder of the cache named after sources, compiler and options, so
 * that a change of any of them is a new folder. Processes may race: each writes files of its own
 * and renames them. Where the cache can't be written the code is used from memory.
 *
 * @param cache Folder of the cache.
 * @returns Code by the name of the module, and whether it was there already.
 * @throws Error with the compiler's output when a source doesn't compile.
 */
export async function compiledKernels(cache = cacheDir): Promise<{
  readonly code: ReadonlyMap<string, Uint8Array>
  readonly cached: boolean
}> {
  const sources = readdirSync(sourcesDir, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
  const texts = new Map(sources.map((path) => [path, readFileSync(join(sourcesDir, path), 'utf8')]))
  const names = sources.filter((path) => !path.includes('/')).map((path) => path.slice(0, -3))
  const folder = join(cache, fingerprintOf(texts))
  const cached = readAll(folder, names)
  if (cached !== null) return { code: cached, cached: true }
  const code = new Map<string, Uint8Array>()
  for (const name of names) code.set(name, await compile(name, texts))
  writeAll(folder, code)
  return { code, cached: false }
}

function fingerprintOf(texts: ReadonlyMap<string, string>): string {
  const { version } = createRequire(import.meta.url)('assemblyscript/package.json') as {
    version: string
  }
  return createHash('sha256')
    .update(JSON.stringify([version, compilerOptions, ...texts]))
    .digest('hex')
}

function readAll(folder: string, names: readonly string[]): Map<string, Uint8Array> | null {
  try {
    return new Map(
      names.map((name) => [name, new Uint8Array(readFileSync(join(folder, `${name}.wasm`)))]),
    )
  } catch {
    return null // not there, or not whole: it is compiled anew
  }
}

function writeAll(folder: string, code: ReadonlyMap<string, Uint8Array>): void {
  try {
    mkdirSync(folder, { recursive: true })
    for (const [name, bytes] of code) {
      const path = join(folder, `${name}.wasm`)
      const own = `${path}.${process.pid}`
      writeFileSync(own, bytes)
      renameSync(own, path)
      rmSync(own, { force: true })
    }
  } catch {
    // A checkout that can't be written compiles each time.
  }
}

/**
 * What is used of the compiler. Its own types are kept out of the program: they declare
 * AssemblyScript's globals, under which an array's elements are never undefined.
 */
interface Compiler {
  main(
    args: readonly string[],
    host: {
      readFile(path: string): string | null
      writeFile(path: string, contents: string | Uint8Array): void
      listFiles(): readonly string[]
      stdout: { write(text: string | Uint8Array): boolean }
      stderr: { write(text: string | Uint8Array): boolean }
    },
  ): Promise<{ readonly error: Error | null }>
}
const compilerModule = 'assemblyscript/asc' as string

async function compile(name: string, texts: ReadonlyMap<string, string>): Promise<Uint8Array> {
  const { default: asc } = (await import(compilerModule)) as { readonly default: Compiler }
  const outputs: Uint8Array[] = []
  let said = ''
  const listen = {
    write: (text: string | Uint8Array): boolean => {
      said += String(text)
      return true
    },
  }
  const { error } = await asc.main([`${name}.ts`, '--outFile', 'out.wasm', ...compilerOptions], {
    readFile: (path) => texts.get(path.replaceAll('\\', '/').replace(/^\.\//u, '')) ?? null,
    writeFile: (_path, contents) => {
      if (typeof contents !== 'string') outputs.push(contents)
    },
    listFiles: () => [],
    stdout: listen,
    stderr: listen,
  })
  const [code] = outputs
  if (error !== null || code === undefined) {
    throw new Error(`The kernel ${name} does not compile: ${error?.message ?? ''}\n${said}`)
  }
  return code
}
