/**
 * Stratified folds, with or without groups that have to stay together.
 *
 * Without groups the shuffled positives and then the shuffled negatives are dealt out like cards,
 * the second class going on where the first stopped. So each class and the whole set spread over
 * the folds with counts that differ by at most one.
 *
 * With groups that is impossible in general. The groups are put in order of the share of the
 * positives plus the share of the negatives that they hold, largest first, and each goes to the
 * fold where it adds least to
 *
 *     Σ over folds f and classes c of (count(f, c) / total(c))²
 *
 * which is smallest when every fold holds the same share of each class. As both classes count by
 * their shares, a few positives weigh as much as many negatives. The order of groups of one size
 * is random, folds that would do equally well are told apart by their size, then by their number.
 */
import { shuffle } from '../math/random.ts'
import type { RandomStream } from '../math/random.ts'

/**
 * Divides samples into folds that resemble each other.
 *
 * @param yTrue  0 or 1 per sample, length nSamples.
 * @param k      Number of folds, 2 or more.
 * @param groups Group of each sample, length nSamples; samples of one group share a fold. A
 *   negative number stands for no group: that sample is a group of its own.
 * @returns The fold of each sample, 0 to k − 1, length nSamples. No fold is empty.
 * @throws RangeError when k < 2, lengths differ, there are fewer positives, negatives or groups
 *   than folds, or the groups are such that one fold takes a whole class, which would leave its
 *   training set with one class only.
 */
export function stratifiedKFold(
  yTrue: Uint8Array,
  k: number,
  stream: RandomStream,
  groups: Int32Array | null = null,
): Int32Array {
  if (!Number.isInteger(k) || k < 2) throw new RangeError(`k must be an integer from 2, got ${k}`)
  if (groups !== null && groups.length !== yTrue.length) {
    throw new RangeError(`groups must have length ${yTrue.length}, got ${groups.length}`)
  }
  const byClass = samplesByClass(yTrue)
  refuseFewerThanFolds(byClass.positives.length, 'positives', k)
  refuseFewerThanFolds(byClass.negatives.length, 'negatives', k)
  return groups === null
    ? dealOut(byClass, yTrue.length, k, stream)
    : placeGroups(yTrue, groups, k, stream)
}

function refuseFewerThanFolds(count: number, what: string, k: number): void {
  if (count < k) throw new RangeError(`${k} folds need at least ${k} ${what}, got ${count}`)
}

function samplesByClass(yTrue: Uint8Array): { positives: Int32Array; negatives: Int32Array } {
  const positives: number[] = []
  const negatives: number[] = []
  for (let i = 0; i < yTrue.length; i++) (yTrue[i] === 1 ? positives : negatives).push(i)
  return { positives: Int32Array.from(positives), negatives: Int32Array.from(negatives) }
}

function dealOut(
  { positives, negatives }: { positives: Int32Array; negatives: Int32Array },
  nSamples: number,
  k: number,
  stream: RandomStream,
): Int32Array {
  const folds = new Int32Array(nSamples)
  let dealt = 0
  for (const samples of [positives, negatives]) {
    shuffle(samples, stream)
    for (const sample of samples) folds[sample] = dealt++ % k
  }
  return folds
}

interface Counts {
  positives: number
  negatives: number
}

function placeGroups(
  yTrue: Uint8Array,
  groups: Int32Array,
  k: number,
  stream: RandomStream,
): Int32Array {
  const { groupOf, members } = countGroups(yTrue, groups)
  const nGroups = members.length
  refuseFewerThanFolds(nGroups, 'groups', k)
  const total = members.reduce(add, { positives: 0, negatives: 0 })

  const shareHeld = ({ positives, negatives }: Counts): number =>
    positives / total.positives + negatives / total.negatives
  const order = Int32Array.from({ length: nGroups }, (_, group) => group)
  shuffle(order, stream)
  const largestFirst = [...order].sort((a, b) => shareHeld(members[b]!) - shareHeld(members[a]!))

  const held: Counts[] = Array.from({ length: k }, () => ({ positives: 0, negatives: 0 }))
  const foldOfGroup = new Int32Array(nGroups)
  for (const group of largestFirst) {
    const joining = members[group]!
    // What a fold that holds (P, N) adds to the sum of squares, less the part equal for all folds.
    const crowding = ({ positives, negatives }: Counts): number =>
      (positives * joining.positives) / total.positives ** 2 +
      (negatives * joining.negatives) / total.negatives ** 2
    let best = 0
    for (let fold = 1; fold < k; fold++) {
      const difference = crowding(held[fold]!) - crowding(held[best]!)
      if (difference < 0 || (difference === 0 && size(held[fold]!) < size(held[best]!))) best = fold
    }
    foldOfGroup[group] = best
    held[best] = add(held[best]!, joining)
  }

  for (const kind of ['positives', 'negatives'] as const) {
    if (held.some((fold) => fold[kind] === total[kind])) {
      throw new RangeError(
        `groups must let each class spread over 2 folds or more, but one fold takes all ${total[kind]} ${kind}`,
      )
    }
  }
  return groupOf.map((group) => foldOfGroup[group]!)
}

/** Numbers the groups 0, 1, … in order of first appearance and counts their classes. */
function countGroups(
  yTrue: Uint8Array,
  groups: Int32Array,
): { groupOf: Int32Array; members: Counts[] } {
  const numbers = new Map<number, number>()
  const members: Counts[] = []
  const groupOf = new Int32Array(groups.length)
  for (let i = 0; i < groups.length; i++) {
    const given = groups[i]!
    let number = given < 0 ? undefined : numbers.get(given)
    if (number === undefined) {
      number = members.push({ positives: 0, negatives: 0 }) - 1
      if (given >= 0) numbers.set(given, number)
    }
    groupOf[i] = number
    members[number]![yTrue[i] === 1 ? 'positives' : 'negatives']++
  }
  return { groupOf, members }
}

function add(a: Counts, b: Counts): Counts {
  return { positives: a.positives + b.positives, negatives: a.negatives + b.negatives }
}

function size({ positives, negatives }: Counts): number {
  return positives + negatives
}
