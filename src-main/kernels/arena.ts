/**
 * Memory for kernels, handed out as typed arrays whose `byteOffset` is the address that kernels
 * take.
 *
 * It works like a stack: a computation opens a frame, takes its arrays, and closes the frame when
 * it is done, failed or cancelled; frames close in the opposite order of opening. The memory grows
 * when a frame needs more than there is and is used again by later ones; it never shrinks. Because
 * it is shared memory, growing it leaves earlier arrays valid.
 */
const PAGE_BYTES = 65536
const MAX_PAGES = 65536 // 4 GiB, what 32-bit addresses reach
const ALIGNMENT = 64 // a cache line

export interface Arena {
  readonly memory: WebAssembly.Memory
  open(): Frame
}

/** Every array is filled with zeros. */
export interface Frame {
  bytes(length: number): Uint8Array
  int32(length: number): Int32Array
  float32(length: number): Float32Array
  float64(length: number): Float64Array
  /** Frees the array that was taken last; others are freed by `close` alone. */
  giveBack(latest: ArrayBufferView): void
  /** The arrays must not be used from then on. Closing twice is fine. */
  close(): void
}

export function createKernelMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES, shared: true })
}

/** @param memory Nobody else lays anything out in it. */
export function createArena(memory = createKernelMemory()): Arena {
  const open: Frame[] = []
  let top = ALIGNMENT // address 0 stands for no array
  let everUsed = top

  const take = (nBytes: number): number => {
    const start = Math.ceil(top / ALIGNMENT) * ALIGNMENT
    const end = start + nBytes
    const missing = Math.ceil(end / PAGE_BYTES) - memory.buffer.byteLength / PAGE_BYTES
    if (missing > 0) {
      try {
        memory.grow(missing)
      } catch (cause) {
        throw new RangeError(
          `kernels need ${Math.ceil(end / 2 ** 20)} MiB of memory in one piece and can't have it (at most ${(MAX_PAGES * PAGE_BYTES) / 2 ** 20} MiB)`,
          { cause },
        )
      }
    }
    // What was never handed out is zero already, and takes no memory before it is touched.
    if (start < everUsed) {
      new Uint8Array(memory.buffer, start, Math.min(end, everUsed) - start).fill(0)
    }
    top = end
    everUsed = Math.max(everUsed, end)
    return start
  }

  return {
    memory,
    open() {
      const start = top
      const frame: Frame = {
        bytes: (length) => {
          const at = take(length)
          return new Uint8Array(memory.buffer, at, length)
        },
        int32: (length) => {
          const at = take(4 * length)
          return new Int32Array(memory.buffer, at, length)
        },
        float32: (length) => {
          const at = take(4 * length)
          return new Float32Array(memory.buffer, at, length)
        },
        float64: (length) => {
          const at = take(8 * length)
          return new Float64Array(memory.buffer, at, length)
        },
        giveBack({ byteOffset, byteLength }) {
          if (byteOffset + byteLength === top) top = byteOffset
        },
        close() {
          if (!open.includes(frame)) return
          if (open.pop() !== frame) throw new Error('kernel memory must be freed in order')
          top = start
        },
      }
      open.push(frame)
      return frame
    },
  }
}
