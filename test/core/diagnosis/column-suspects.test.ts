import { describe, expect, it } from 'vitest'
import type { Column } from '#shared/core/dataset/dataset.ts'
import { columnStrengths, isLeak, isSuspect } from '#shared/core/diagnosis/column-suspects.ts'
import { stratifiedKFold } from '#shared/core/folds/stratified-k-fold.ts'
import { createStream } from '#shared/core/math/random.ts'

const N = 2000
const stream = createStream(3, 'column suspects')
const yTrue = Uint8Array.from({ length: N }, () => (stream.uniform() < 0.1 ? 1 : 0))
const folds = stratifiedKFold(yTrue, 5, createStream(4, 'folds'), null)

function strengthOf(column: Column) {
  return columnStrengths([column], yTrue, folds)[0]!
}
function numbers(value: (y: number, i: number) => number): Column {
  return { kind: 'numeric', name: 'x', values: Float64Array.from(yTrue, value) }
}

describe('columnStrengths', () => {
  it('finds a copy of the label, whatever its form', () => {
    const copies: Column[] = [
      numbers((y) => y),
      numbers((y) => 5 - y),
      numbers((y) => (y === 1 ? 3 : NaN)),
      // Neither high nor low: in between.
      numbers((y) => (y === 1 ? 50 : stream.uniform() < 0.5 ? 0 : 100)),
      { kind: 'categorical', name: 'x', codes: Int32Array.from(yTrue), levels: ['a', 'b'] },
    ]
    for (const column of copies) {
      const strength = strengthOf(column)
      expect(strength.rocAuc).toBe(1)
      expect(isSuspect(strength)).toBe(true)
    }
    expect(strengthOf(copies[2]!).presenceAuc).toBe(1)
    expect(strengthOf(copies[0]!).presenceAuc).toBeNull()
  })

  it('finds nothing in noise, nor in a text that differs nearly everywhere', () => {
    const noise = strengthOf(numbers(() => stream.uniform()))
    expect(noise.rocAuc).toBeGreaterThan(0.4)
    expect(noise.rocAuc).toBeLessThan(0.6)
    const codes = Int32Array.from({ length: N }, (_, i) => Math.floor(i / 2))
    const levels = Array.from({ length: N / 2 }, (_, i) => `customer ${i}`)
    const texts = strengthOf({ kind: 'categorical', name: 'x', codes, levels })
    expect(texts.rocAuc).toBeLessThan(0.6)
    expect(isSuspect(texts)).toBe(false)
  })

  it('is one half for a constant and where a class is missing', () => {
    expect(strengthOf(numbers(() => 7)).rocAuc).toBe(0.5)
    const [alone] = columnStrengths(
      [numbers((_, i) => i)],
      new Uint8Array(N),
      Int32Array.from({ length: N }, (_, i) => i % 5),
    )
    expect(alone!.rocAuc).toBe(0.5)
    expect(alone!.interval).toBeNull()
  })

  it('doubts a counter sooner than a measurement', () => {
    // Rows are as they are; a counter ranks where positives come late.
    const late = Uint8Array.from({ length: N }, (_, i) =>
      stream.uniform() < (0.4 * i) / N ? 1 : 0,
    )
    const values = Float64Array.from({ length: N }, (_, i) => 10 * i)
    const lateFolds = stratifiedKFold(late, 5, createStream(5, 'folds'), null)
    const judge = (column: Column) => columnStrengths([column], late, lateFolds)[0]!
    const counter = judge({ kind: 'numeric', name: 'number', values })
    expect(counter.countsRows).toBe(true)
    expect(isSuspect(counter)).toBe(true)
    const measured = judge({ kind: 'numeric', name: 'x', values: values.map((v) => v + 0.5) })
    expect(measured.rocAuc).toBeCloseTo(counter.rocAuc, 12)
    expect(isSuspect(measured)).toBe(false)
  })
})

describe('isLeak', () => {
  const strength = strengthOf(numbers((y) => (stream.uniform() < 0.004 ? 1 - y : y)))

  it('asks what the others can do', () => {
    expect(isSuspect(strength)).toBe(true)
    expect(isLeak(strength, 0.8)).toBe(true)
    expect(isLeak(strength, 0.997)).toBe(false)
    expect(isLeak(strength, null)).toBe(true)
    expect(isLeak({ ...strength, bestF1: 0.8 }, 0.8)).toBe(false)
  })
})
