/** The part of WebAssembly's interface that is used here; Node's types leave it to those of browsers. */
declare namespace WebAssembly {
  interface Module {
    readonly [Symbol.toStringTag]: 'WebAssembly.Module'
  }
  const Module: new (bytes: Uint8Array) => Module
  class Memory {
    constructor(limits: { initial: number; maximum: number; shared: true })
    /** Of a shared memory: growing makes a longer buffer and leaves views of the former ones valid. */
    readonly buffer: SharedArrayBuffer
    /** @throws RangeError when so many pages can't be had. */
    grow(pages: number): number
  }
  class Instance {
    constructor(module: Module, imports: Record<string, Record<string, unknown>>)
    readonly exports: Readonly<Record<string, unknown>>
  }
}
