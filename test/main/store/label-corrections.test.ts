import { join } from 'node:path'
import { statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { unpackColumn } from '#main/store/packed-column.ts'
import type { Project } from '#main/store/project.ts'
import { correctLabels } from '#shared/core/dataset/correct-labels.ts'
import { importExample } from './examples.ts'
import { open, openExisting, scratchFolder } from './support.ts'

const correction = {
  column: 'country',
  rows: Int32Array.of(0, 7, 16_384, 20_000),
  labels: Int32Array.of(2, 0, 1, 2),
  excluded: Int32Array.of(1, 2, 16_383, 20_999),
}
const about = { fingerprint: 'corrected', record: { events: 3, hash: 'abc' } }

/** All rows of all columns as a grid reads them, in pages that cut across chunks. */
function gridOf(project: Project, versionId: number): unknown[][] {
  const { nRows, columns } = project.datasets.get(versionId)!
  const cells: unknown[][] = columns.map(() => [])
  for (let first = 0; first < nRows; first += 4999) {
    const page = project.rows.read(versionId, [0, 1, 2], first, Math.min(4999, nRows - first))
    page.forEach((column, at) => {
      cells[at]!.push(...(column.kind === 'numeric' ? column.values : column.codes))
    })
  }
  return cells
}

function valuesOf(project: Project, versionId: number): unknown[][] {
  return project.datasets
    .load(versionId)
    .columns.map((column) => [...(column.kind === 'numeric' ? column.values : column.codes)])
}

/** All columns as they are handed to another thread. */
function handedOver(project: Project, versionId: number): unknown[][] {
  return project.datasets.get(versionId)!.columns.map((_, position) => {
    const column = unpackColumn(structuredClone(project.rows.readPacked(versionId, position)))
    return [...(column.kind === 'numeric' ? column.values : column.codes)]
  })
}

describe('a corrected version', () => {
  it('holds the values of its base, but for what was corrected, and is stored without them', () => {
    const file = join(scratchFolder(), 'p.steelyard')
    const project = open(file)
    const base = importExample(project, 'a', [16_384, 4616])
    project.close()
    const size = statSync(file).size
    const again = openExisting(file)
    const id = again.datasets.derive(base, correction, about)
    const version = again.datasets.get(id)!
    expect(version).toMatchObject({
      ...{ name: 'a', number: 2, nRows: 20_996, fingerprint: 'corrected', sourceName: 'a.csv' },
    })
    const before = again.datasets.load(base)
    const wanted = correctLabels(before, correction)
    expect(again.datasets.load(id)).toEqual(wanted)
    expect(again.datasets.load(id, ['amount']).columns).toEqual([wanted.columns[0]])
    expect(gridOf(again, id)).toEqual(valuesOf(again, id))
    expect(handedOver(again, base)).toEqual(valuesOf(again, base))
    expect(handedOver(again, id)).toEqual(valuesOf(again, id))
    expect(again.datasets.load(base)).toEqual(before)
    expect(again.datasets.correction(id)).toMatchObject({ baseVersionId: base, position: 2 })
    expect(again.datasets.correction(base)).toBe(null)
    again.close()
    expect(statSync(file).size - size).toBeLessThan(50_000)
    expect(openExisting(file).datasets.load(id)).toEqual(wanted)
  })

  it('can be corrected itself, in its own rows', () => {
    const project = open(join(scratchFolder(), 'p.steelyard'))
    const base = importExample(project, 'a', [16_384, 4616])
    const first = project.datasets.derive(base, correction, about)
    const more = {
      column: 'amount',
      rows: Int32Array.of(1),
      labels: Float64Array.of(-3.5),
      excluded: Int32Array.of(0, 5),
    }
    const second = project.datasets.derive(first, more, { ...about, fingerprint: 'twice' })
    expect(project.datasets.load(second)).toEqual(
      correctLabels(correctLabels(project.datasets.load(base), correction), more),
    )
    expect(gridOf(project, second)).toEqual(valuesOf(project, second))
    expect(project.datasets.get(second)!.columns[0]!.facts.minimum).toBe(-3.5)
  })

  it('is refused where it does not fit its base', () => {
    const project = open(join(scratchFolder(), 'p.steelyard'))
    const base = importExample(project, 'a', [100])
    const wrong = { ...correction, rows: Int32Array.of(100), labels: Int32Array.of(0) }
    expect(() => project.datasets.derive(base, wrong, about)).toThrow(/must lie below 100/)
    expect(() => project.datasets.derive(base, { ...wrong, column: 'x' }, about)).toThrow(
      /no column/,
    )
    expect(project.datasets.list()).toHaveLength(1)
  })
})
