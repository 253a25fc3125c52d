/**
 * The engine of AssemblyScript kernels: WebAssembly with SIMD on one memory per thread.
 *
 * How it hangs together. Each file directly in `assembly` is compiled into a module of its own
 * (`assembly/shared` holds what several of them import). `loadKernels` in the main thread compiles
 * or reads them; the pool sends the modules to its workers with the experiment; each worker calls
 * `createKernelEngine` once and hands the engine to the core. All modules of a thread share the
 * memory of one arena. Where threads have nothing to do, others may call on them: thread-team.ts.
 *
 * To add a family of kernels:
 *   1. Write its interface and plain version in src-shared/core/kernels/<family>.ts (see
 *      src-shared/core/kernels.ts).
 *   2. Write assembly/<family>.ts: exported functions of numbers; addresses are `usize`. No
 *      allocation, no mutable globals, no static data (that rules out string and array literals).
 *   3. Write <family>-kernels.ts here: `create<Family>Kernels(arena, exports)` lays out typed arrays
 *      with `arena.open()` and passes their `byteOffset`. The frame is closed by a `close` of the
 *      family, which the core calls in a `finally`.
 *   4. Add a line below.
 */
import { plainEngine } from '#shared/core/kernels.ts'
import type { Engine } from '#shared/core/kernels.ts'
import { createArena } from './arena.ts'
import { createBoostingKernels } from './boosting-kernels.ts'
import type { BoostingExports } from './boosting-kernels.ts'
import { createForestKernels } from './forest-kernels.ts'
import { createLogisticKernels } from './logistic-kernels.ts'
import type { LogisticExports } from './logistic-kernels.ts'
import type { KernelModules } from './load-kernels.ts'
import { createThreadTeam } from './thread-team.ts'
import type { KernelFunctions, TeamChannel } from './thread-team.ts'
import { createNeighborKernels } from './neighbor-kernels.ts'
import type { NeighborExports } from './neighbor-kernels.ts'
import { createNetworkKernels } from './network-kernels.ts'
import type { NetworkExports } from './network-kernels.ts'

/**
 * The engine for one thread; without modules the plain one.
 *
 * @param channel Where other threads help this one; it alone lays out the memory.
 */
export function createKernelEngine(
  modules: KernelModules | null,
  channel: TeamChannel | null = null,
): Engine {
  if (modules === null) return plainEngine
  const arena = createArena(channel?.memory)
  const instantiate = (name: string): unknown => instanceOf(modules, name, arena.memory)
  const boosting = instantiate('boosting')
  const forest = instantiate('forest')
  const team = createThreadTeam(channel, functionsOf(boosting, forest))
  return {
    name: 'AssemblyScript kernels',
    boosting: createBoostingKernels(arena, boosting as BoostingExports, team),
    forest: createForestKernels(arena, team),
    logistic: createLogisticKernels(arena, instantiate('logistic') as LogisticExports),
    neighbors: createNeighborKernels(arena, instantiate('neighbors') as NeighborExports),
    network: createNetworkKernels(arena, instantiate('network') as NetworkExports),
  }
}

/** What a helper of that channel calls; see thread-team.ts. */
export function helperFunctions(modules: KernelModules, { memory }: TeamChannel): KernelFunctions {
  return functionsOf(instanceOf(modules, 'boosting', memory), instanceOf(modules, 'forest', memory))
}

/** In the same order in every thread, since they are called by number. */
function functionsOf(...exports: readonly unknown[]): KernelFunctions {
  return Object.assign({}, ...exports) as KernelFunctions
}

function instanceOf(modules: KernelModules, name: string, memory: WebAssembly.Memory): unknown {
  const module = modules.get(name)
  if (module === undefined) throw new RangeError(`there is no kernel module ${name}`)
  return new WebAssembly.Instance(module, { env: { memory } }).exports
}
