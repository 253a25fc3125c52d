import { confidentJoint } from '#shared/core/label-quality/confident-joint.ts'
import { findLabelIssues } from '#shared/core/label-quality/label-issues.ts'
import { createStream, sampleWithoutReplacement } from '#shared/core/math/random.ts'
import type { BenchItem } from '../bench-item.ts'

interface State {
  readonly given: Uint8Array
  readonly probabilities: Float64Array
  issues: Int32Array
}

export const item: BenchItem<State> = {
  name: 'label-issues',
  about:
    'confident learning: joint, calibration and ranked label issues, a fifth of positives missed',
  prepare({ table }) {
    const given = table.readLabels().slice()
    const positives = Int32Array.from(given.keys()).filter((i) => given[i] === 1)
    const missed = Math.floor(0.2 * positives.length)
    for (const i of sampleWithoutReplacement(positives, missed, createStream(1, 'missed'))) {
      given[i] = 0
    }
    return { given, probabilities: table.readScores(), issues: new Int32Array(0) }
  },
  run(state) {
    const { given, probabilities } = state
    const counted = confidentJoint(given, probabilities)
    state.issues = findLabelIssues(given, probabilities, 'prune_by_noise_rate', {}, counted)
  },
  check: ({ issues }) => ({ issues: issues.length }),
  peer: { script: 'label_issues.py', item: 'confident_learning' },
  bar: 0.5,
}
