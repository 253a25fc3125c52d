import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compiledKernels } from './compile-kernels.ts'

/** Compiled kernel modules by name; may be sent to worker threads, which share their code. */
export type KernelModules = ReadonlyMap<string, WebAssembly.Module>

/**
 * Loads the kernels, compiling them on first need (a few seconds).
 *
 * @param compiled Folder where they lie compiled already, as beside a bundle; null from source.
 * @returns Null where `STEELYARD_ENGINE=plain` asks to do without.
 */
export async function loadKernels(compiled: string | null = null): Promise<KernelModules | null> {
  if (process.env['STEELYARD_ENGINE'] === 'plain') return null
  const code = compiled === null ? (await compiledKernels()).code : readCompiled(compiled)
  return new Map([...code].map(([name, bytes]) => [name, new WebAssembly.Module(bytes)]))
}

function readCompiled(folder: string): ReadonlyMap<string, Uint8Array<ArrayBuffer>> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.wasm'))
  return new Map(
    files.map((name) => [name.slice(0, -5), new Uint8Array(readFileSync(join(folder, name)))]),
  )
}
