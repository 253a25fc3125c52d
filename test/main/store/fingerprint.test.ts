import { createHash } from 'node:crypto'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { ChunkColumn, ColumnHeading } from '#main/store/datasets.ts'
import { createFingerprint } from '#main/store/fingerprint.ts'

import { exampleChunk, HEADINGS } from './examples.ts'

function fingerprintOf(
  chunks: readonly (readonly ChunkColumn[])[],
  headings: readonly ColumnHeading[],
): string {
  const fingerprint = createFingerprint()
  for (const chunk of chunks) fingerprint.append(chunk)
  return fingerprint.finish(headings)
}

function numeric(...values: number[]): ChunkColumn {
  return { kind: 'numeric', values: Float64Array.from(values) }
}

const X: ColumnHeading = { name: 'x', kind: 'numeric' }

describe('dataset fingerprint', () => {
  it('does not depend on how rows are cut into chunks', () => {
    const whole = exampleChunk(1, 100)
    const expected = fingerprintOf([whole], HEADINGS)
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 99 })), (cuts) => {
        const edges = [0, ...cuts.sort((a, b) => a - b), 100]
        const chunks = edges
          .slice(1)
          .map((end, i) =>
            whole.map((column): ChunkColumn =>
              column.kind === 'numeric'
                ? { kind: 'numeric', values: column.values.subarray(edges[i], end) }
                : { kind: 'categorical', codes: column.codes.subarray(edges[i], end) },
            ),
          )
        expect(fingerprintOf(chunks, HEADINGS)).toBe(expected)
      }),
    )
  })

  it('is what its description says, written out by hand', () => {
    const number = (value: number): Buffer => Buffer.from(Float64Array.of(value).buffer)
    const text = (value: string): Buffer =>
      Buffer.concat([number(Buffer.byteLength(value)), Buffer.from(value)])
    const sha256 = (...parts: Buffer[]): Buffer =>
      createHash('sha256').update(Buffer.concat(parts)).digest()

    const expected = sha256(
      ...[text('x'), text('numeric'), number(2), sha256(number(1.5), number(-0)), number(0)],
      ...[text('c'), text('categorical'), number(2)],
      sha256(Buffer.from(Int32Array.of(-1, 0).buffer)),
      ...[number(1), text('é')],
    )
    const chunk: ChunkColumn[] = [
      numeric(1.5, -0),
      { kind: 'categorical', codes: Int32Array.of(-1, 0) },
    ]
    const headings: ColumnHeading[] = [X, { name: 'c', kind: 'categorical', levels: ['é'] }]
    expect(fingerprintOf([chunk], headings)).toBe(expected.toString('hex'))
  })

  it('takes every NaN for the same missing value', () => {
    const odd = new Float64Array(
      new BigUint64Array([0x3ff8000000000000n, 0xfff8000000000123n]).buffer,
    )
    expect(Number.isNaN(odd[1])).toBe(true)
    expect(fingerprintOf([[{ kind: 'numeric', values: odd }]], [X])).toBe(
      fingerprintOf([[numeric(1.5, NaN)]], [X]),
    )
  })

  it('differs when name, kind, value, order, sign of zero, level or number of rows does', () => {
    const codes = (...values: number[]): ChunkColumn => ({
      kind: 'categorical',
      codes: Int32Array.from(values),
    })
    const C = (...levels: string[]): ColumnHeading => ({ name: 'x', kind: 'categorical', levels })
    const all = [
      fingerprintOf([[numeric(1, 2)]], [X]),
      fingerprintOf([[numeric(2, 1)]], [X]),
      fingerprintOf([[numeric(1, 2)]], [{ ...X, name: 'y' }]),
      fingerprintOf([[numeric(1)]], [X]),
      fingerprintOf([[numeric(0)]], [X]),
      fingerprintOf([[numeric(-0)]], [X]),
      fingerprintOf([[codes(0, 1)]], [C('a', 'bc')]),
      fingerprintOf([[codes(0, 1)]], [C('ab', 'c')]),
      fingerprintOf([[codes(0, 0)]], [C('ab', 'c')]),
      fingerprintOf([[numeric(1), numeric(2)]], [X, { ...X, name: 'y' }]),
      fingerprintOf([[numeric(2), numeric(1)]], [X, { ...X, name: 'y' }]),
      fingerprintOf([], [X]),
      fingerprintOf([], []),
    ]
    expect(new Set(all).size).toBe(all.length)
  })

  it('refuses columns that change', () => {
    const fingerprint = createFingerprint()
    fingerprint.append([numeric(1)])
    expect(() => fingerprint.append([numeric(1), numeric(1)])).toThrow(RangeError)
    expect(() => fingerprint.append([{ kind: 'categorical', codes: new Int32Array(1) }])).toThrow(
      RangeError,
    )
    expect(() => fingerprint.finish([{ name: 'x', kind: 'categorical' }])).toThrow(RangeError)
  })
})
