import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { CHUNK_ROWS } from '#main/store/datasets.ts'
import { packTexts } from '#main/store/packed-texts.ts'

import { HEADINGS, importExample } from './examples.ts'
import { damage, open, refusal, scratchFolder } from './support.ts'

describe('rows of a dataset', () => {
  it('are those of the whole table, wherever a page begins and ends', () => {
    const project = open(join(scratchFolder(), 'p.steelyard'))
    const nRows = CHUNK_ROWS + 900
    const versionId = importExample(project, 'a', [CHUNK_ROWS, 900])
    const { columns } = project.datasets.load(versionId)
    for (const [first, n] of [
      [0, 1],
      [0, nRows],
      [CHUNK_ROWS - 3, 6],
      [CHUNK_ROWS, 900],
      [nRows - 1, 1],
    ] as const) {
      const page = project.rows.read(versionId, [2, 0, 1], first, n)
      expect(page.map(({ name }) => name)).toEqual(['country', 'amount', 'count'])
      const [texts, amount, count] = page
      if (
        texts?.kind !== 'categorical' ||
        amount?.kind !== 'numeric' ||
        count?.kind !== 'numeric'
      ) {
        throw new Error('columns are of the wrong kinds')
      }
      const [a, b, c] = columns
      if (a?.kind !== 'numeric' || b?.kind !== 'numeric' || c?.kind !== 'categorical') return
      expect(amount.values).toEqual(new Float64Array(a.values.slice(first, first + n)))
      expect(count.values).toEqual(new Float64Array(b.values.slice(first, first + n)))
      expect(texts.codes).toEqual(new Int32Array(c.codes.slice(first, first + n)))
      expect(texts.nLevels).toBe(3)
      expect([0, 1, 2].map(texts.textOf)).toEqual(HEADINGS[2]!.levels)
    }
  })

  it('are refused where there are none', () => {
    const project = open(join(scratchFolder(), 'p.steelyard'))
    const versionId = importExample(project, 'a', [10])
    refusal('dataset_not_found', () => project.rows.read(versionId + 1, [0], 0, 1))
    expect(() => project.rows.read(versionId, [0], 5, 6)).toThrow(/must end by 10/)
    expect(() => project.rows.read(versionId, [3], 0, 1)).toThrow(/position/)
  })

  it('of a damaged project name the column', () => {
    const file = join(scratchFolder(), 'p.steelyard')
    const project = open(file)
    const versionId = importExample(project, 'a', [100])
    project.close()
    const content = readFileSync(file)
    damage(content, packTexts(HEADINGS[2]!.levels!))
    writeFileSync(file, content)
    const again = open(file)
    expect(again.rows.read(versionId, [0], 0, 5)).toHaveLength(1)
    const { message } = refusal('project_damaged', () => again.rows.read(versionId, [2], 0, 5))
    expect(message).toContain('column "country"')
  })
})
