import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decidedRows, standing, undoStacks } from '#shared/core/label-quality/review-log.ts'
import type { LoggedReview, Verdict } from '#shared/core/label-quality/review-log.ts'

let number = 0
function verdict(
  row: number,
  what: Verdict,
  reviewer = 'Ann',
  kind: 'verdict' | 'adjudication' = 'verdict',
): LoggedReview {
  const key = `e${number++}`
  return { key, kind, queue: 'q', row, reviewer, verdict: what, refersTo: null }
}
function undo({ key, row, reviewer }: LoggedReview, kind: 'undo' | 'redo' = 'undo'): LoggedReview {
  return {
    ...{ key: `e${number++}`, kind, queue: 'q', row, reviewer },
    ...{ verdict: null, refersTo: key },
  }
}
const stateOf = (log: LoggedReview[], row = 1): unknown => {
  const found = decidedRows(log).get(row)
  return found === undefined ? null : [found.state, found.verdict]
}

describe('a row', () => {
  it('is decided by the last verdict that stands', () => {
    const first = verdict(1, 'keep')
    const second = verdict(1, 'relabel')
    expect(stateOf([first])).toEqual(['decided', 'keep'])
    expect(stateOf([first, second])).toEqual(['decided', 'relabel'])
    expect(stateOf([first, second, undo(second)])).toEqual(['decided', 'keep'])
    expect(stateOf([first, second, undo(second), undo(first)])).toBe(null)
    expect(stateOf([first, second, undo(second), undo(second, 'redo')])).toEqual([
      'decided',
      'relabel',
    ])
  })

  it('is agreed on by two who say the same, and to be adjudicated where they do not', () => {
    const log = [verdict(1, 'relabel', 'Ann'), verdict(1, 'relabel', 'Bob')]
    expect(stateOf(log)).toEqual(['agreed', 'relabel'])
    log.push(verdict(1, 'keep', 'Cem'))
    expect(stateOf(log)).toEqual(['adjudicate', null])
    log.push(verdict(1, 'keep', 'Ann', 'adjudication'))
    expect(stateOf(log)).toEqual(['adjudicated', 'keep'])
    // A later change of mind opens it again; saying the same once more does not.
    expect(stateOf([...log, verdict(1, 'keep', 'Cem')])).toEqual(['adjudicated', 'keep'])
    expect(stateOf([...log, verdict(1, 'exclude', 'Bob')])).toEqual(['adjudicate', null])
  })

  it('that one is unsure of is for another to decide', () => {
    const log = [verdict(1, 'unsure', 'Ann')]
    expect(stateOf(log)).toEqual(['unsure', null])
    log.push(verdict(1, 'relabel', 'Bob'))
    expect(stateOf(log)).toEqual(['decided', 'relabel'])
  })
})

describe('undo and redo', () => {
  it('reach back to the first verdict and forth to the last, whatever was done between', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('decide', 'undo', 'redo'), { maxLength: 60 }),
        (acts) => {
          // The plain version: a list and a place in it.
          const log: LoggedReview[] = []
          let done: LoggedReview[] = []
          let at = 0
          for (const act of acts) {
            const { undo: back, redo: forth } = undoStacks(log, 'q', 'Ann')
            expect(back).toEqual(done.slice(0, at).map(({ key }) => key))
            expect(forth).toEqual(
              done
                .slice(at)
                .reverse()
                .map(({ key }) => key),
            )
            if (act === 'decide') {
              const event = verdict(log.length % 5, 'keep')
              done = [...done.slice(0, at++), event]
              log.push(event)
            } else if (act === 'undo' && back.length > 0) log.push(undo(done[--at]!))
            else if (act === 'redo' && forth.length > 0) log.push(undo(done[at++]!, 'redo'))
          }
          expect([...standing(log)].toSorted()).toEqual(
            done
              .slice(0, at)
              .map(({ key }) => key)
              .toSorted(),
          )
        },
      ),
    )
  })

  it('are of one reviewer and one queue', () => {
    const mine = verdict(1, 'keep', 'Ann')
    const theirs = verdict(2, 'keep', 'Bob')
    expect(undoStacks([mine, theirs], 'q', 'Ann')).toEqual({ undo: [mine.key], redo: [] })
    expect(undoStacks([mine, theirs], 'other', 'Ann')).toEqual({ undo: [], redo: [] })
  })
})
