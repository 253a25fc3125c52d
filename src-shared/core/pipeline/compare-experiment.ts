import { compareRuns } from '../decision/compare-runs.ts'
import type { Competitor } from '../decision/compare-runs.ts'
import type { Comparison } from '../decision/comparison.ts'
import { openingSentence } from '../decision/opening-sentence.ts'
import { constraintsOf, judgeDecisions, meetsConstraints } from '../decision/operating-point.ts'
import type { Checkpoint } from '../math/checkpoint.ts'
import { createStream } from '../math/random.ts'
import type { FrameFacts } from '../report/analysis.ts'
import type { RunEvaluation } from './evaluate-run.ts'
import type { ExperimentData } from './experiment-data.ts'

/**
 * Who competes: every untreated run with each threshold rule, every treated run with its tuned
 * threshold. So "did the treatment buy anything" is always asked against doing nothing.
 */
export function compareExperiment(
  data: ExperimentData,
  runs: readonly RunEvaluation[],
  frame: FrameFacts,
  checkpoint: Checkpoint,
): { readonly comparison: Comparison; readonly sentence: string } {
  const { yTrue, decisionWeights: weights, groups, costs } = data
  const constraints = constraintsOf(data)
  const shown = runs.flatMap(({ result, decisions }): Competitor[] =>
    decisions
      .filter(({ rule }) => result.untreated || rule === 'tuned')
      .map(({ rule, decisions: taken }) => {
        const judgement = judgeDecisions({ yTrue, decisions: taken, weights, costs })
        return {
          name: result.name,
          rule,
          untreated: result.untreated,
          decisions: taken,
          trials: result.configuration.search?.trials ?? 1,
          costPerSample: judgement.costPerSample,
          // A tuned threshold keeps the constraints where it was fitted, if they can be kept at
          // all; by chance the samples it is judged on may miss them a little.
          eligible:
            rule === 'tuned' ? result.threshold.feasible : meetsConstraints(judgement, constraints),
        }
      }),
  )
  const comparison = compareRuns({
    competitors: shown.filter(({ rule }) => rule !== 'prevalence'),
    // Adjusting the logits of a model after training moves its threshold and nothing else.
    markers: shown.filter(({ rule }) => rule === 'prevalence'),
    yTrue,
    weights,
    groups,
    draws: data.plan.bootstrapDraws,
    stream: createStream(data.seed, 'comparison'),
    checkpoint,
  })
  const { recommended } = comparison
  const chosen = runs.find(({ result }) => result.name === recommended.name)
  return {
    comparison,
    sentence: openingSentence(comparison, {
      casesPerDay: frame.casesPerDay,
      currency: frame.currency,
      costsAssumed: frame.costsAssumed,
      shortfall: recommended.rule === 'tuned' ? (chosen?.result.threshold.shortfall ?? null) : null,
    }),
  }
}
