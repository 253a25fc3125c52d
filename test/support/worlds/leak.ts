import type { Column } from '#shared/core/dataset/dataset.ts'
import { distanceFor, drawShifts, drawsOf, numeric, shiftedNormals } from './world.ts'
import type { Draws, World } from './world.ts'

/**
 * One column was written when the answer was known; the others are ordinary (Bayes ROC AUC 0.80 to
 * 0.92). By turns of the seed: a text that repeats the answer but for one case in 200, an amount that
 * is only ever booked for positives, a date that hardly any negative has, and a row number in a file
 * to which most positives were appended.
 */
export const leak: World = {
  answer: 'leak',
  title: 'leak',
  costs: { falsePositive: 1, falseNegative: 15 },
  make(seed, nRows = 2400) {
    const draws = drawsOf('leak', seed)
    const shifts = drawShifts(draws, 4, distanceFor(draws.between(0.8, 0.92)))
    const prevalence = draws.between(0.05, 0.1)
    const { yTrue, columns } = shiftedNormals(draws, nRows, prevalence, shifts)
    const kind = seed % 4
    if (kind < 3) {
      const leaked = [repeated, booked, dated][kind]!(draws, yTrue)
      return { columns: [...columns, leaked], given: yTrue, truth: yTrue }
    }
    // Rows are laid out anew: most positives at the end, the rest anywhere.
    const place = Float64Array.from(yTrue, (y) =>
      y === 1 && draws.stream.uniform() < 0.9 ? 2 : draws.stream.uniform(),
    )
    const order = Int32Array.from(yTrue.keys()).sort((a, b) => place[a]! - place[b]!)
    const laidOut = Uint8Array.from(order, (i) => yTrue[i]!)
    const number = numeric(
      'number',
      Float64Array.from(order, (_, row) => row + 1),
    )
    return {
      columns: [
        ...columns.map((column) => ({
          ...column,
          values: Float64Array.from(order, (i) => column.values[i]!),
        })),
        number,
      ],
      given: laidOut,
      truth: laidOut,
    }
  },
}

function repeated({ stream }: Draws, yTrue: Uint8Array): Column {
  return {
    kind: 'categorical',
    name: 'state',
    codes: Int32Array.from(yTrue, (y) => (stream.uniform() < 0.005 ? 1 - y : y)),
    levels: ['closed', 'under investigation'],
  }
}

function booked({ normal }: Draws, yTrue: Uint8Array): Column {
  return numeric(
    'written_off',
    Float64Array.from(yTrue, (y) => (y === 1 ? Math.abs(100 + 40 * normal()) : 0)),
  )
}

function dated({ stream }: Draws, yTrue: Uint8Array): Column {
  return numeric(
    'days_to_complaint',
    Float64Array.from(yTrue, (y) =>
      stream.uniform() < (y === 1 ? 0.99 : 0.005) ? 1 + stream.below(60) : NaN,
    ),
  )
}
