import { compiledKernels } from './compile-kernels.ts'

/** Compiled kernel modules by name; may be sent to worker threads, which share their code. */
export type KernelModules = ReadonlyMap<string, WebAssembly.Module>

/**
 * Loads the kernels, compiling them on first need (a few seconds).
 *
 * @returns Null where `STEELYARD_ENGINE=plain` asks to do without.
 */
export async function loadKernels(): Promise<KernelModules | null> {
  if (process.env['STEELYARD_ENGINE'] === 'plain') return null
  const { code } = await compiledKernels()
  return new Map([...code].map(([name, bytes]) => [name, new WebAssembly.Module(bytes)]))
}
