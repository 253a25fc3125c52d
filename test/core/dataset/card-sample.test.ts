import { describe, expect, it } from 'vitest'
import { generateCardTransactions } from '#shared/core/dataset/card-sample.ts'

describe('generateCardTransactions', () => {
  const rows = [...generateCardTransactions(20_000, 1)]

  it('holds the stated numbers of frauds and of wrong labels', () => {
    for (const nRows of [1, 99, 100, 777, 20_000]) {
      const some = [...generateCardTransactions(nRows, 3)]
      const frauds = some.filter(({ mechanism }) => mechanism !== null)
      expect(some.length).toBe(nRows)
      expect(frauds.length).toBe(Math.round(nRows * 0.005))
      expect(frauds.filter(({ isFraud }) => isFraud === 0).length).toBe(
        Math.round(frauds.length * 0.2),
      )
      expect(some.every(({ isFraud, mechanism }) => isFraud === 0 || mechanism !== null)).toBe(true)
    }
  })

  it('runs through 90 days in order', () => {
    const times = rows.map(({ time }) => time)
    expect(times).toEqual(times.toSorted())
    expect(times.every((time) => new Date(`${time}Z`).toISOString().startsWith(time))).toBe(true)
    expect(times[0]! >= '2025-03-01').toBe(true)
    expect(times.at(-1)! < '2025-05-30').toBe(true)
  })

  it('has a daily rhythm: afternoons are busier than nights', () => {
    const inHours = (from: number, to: number): number =>
      rows.filter(
        ({ time }) => Number(time.slice(11, 13)) >= from && Number(time.slice(11, 13)) < to,
      ).length
    expect(inHours(15, 19)).toBeGreaterThan(10 * inHours(1, 5))
  })

  it('has values in range, some missing, and all four mechanisms', () => {
    const missing = rows.filter(({ distanceFromHomeKm }) => distanceFromHomeKm === null).length
    expect(missing / rows.length).toBeGreaterThan(0.05)
    expect(missing / rows.length).toBeLessThan(0.2)
    for (const row of rows) {
      if (!(row.amountCents >= 1 && row.cardAgeDays >= 0 && (row.distanceFromHomeKm ?? 0) >= 0)) {
        expect(row).toBe('in range')
      }
    }
    expect(new Set(rows.map(({ mechanism }) => mechanism)).size).toBe(5)
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
  })

  it('refuses numbers out of range', () => {
    expect(() => generateCardTransactions(0, 1).next()).toThrow(RangeError)
    expect(() => generateCardTransactions(10, -1).next()).toThrow(RangeError)
  })
})
