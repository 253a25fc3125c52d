/**
 * A record with its typed arrays in shared memory, so that another thread gets it without a copy.
 *
 * Arrays that lie there already stay where they are, and small ones are left alone: they are
 * copied faster than a shared buffer is set up.
 */
export function shareArrays<T>(record: T): T {
  return share(record) as T
}

const leastBytes = 4096

function share(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (ArrayBuffer.isView(value)) return shareView(value)
  if (Array.isArray(value)) return value.map(share)
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, share(item)]))
}

function shareView(view: ArrayBufferView): ArrayBufferView {
  if (view.buffer instanceof SharedArrayBuffer || view.byteLength < leastBytes) return view
  const { buffer, byteOffset, byteLength } = view
  const shared = new SharedArrayBuffer(byteLength)
  new Uint8Array(shared).set(new Uint8Array(buffer, byteOffset, byteLength))
  const TypedArray = view.constructor as new (buffer: SharedArrayBuffer) => ArrayBufferView
  return new TypedArray(shared)
}
