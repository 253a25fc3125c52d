/** What each step from no model to the cheapest treatments is worth. */
import type { AnalysisResults } from '#shared/core/report/analysis.ts'
import type { VerdictEvidence } from '#shared/core/diagnosis/evidence.ts'

export interface CostStep {
  readonly label: string
  readonly kind: 'without' | 'at half' | 'tuned' | 'treated'
  /** Per 1,000 cases. */
  readonly cost: number
  readonly low: number | null
  readonly high: number | null
  /** Against the step before; of treated runs against the tuned one. Null for the first. */
  readonly change: number | null
}

const mostTreated = 3

export function costSteps(
  { comparison: { ledger } }: Pick<AnalysisResults, 'comparison'>,
  { baseline }: Pick<VerdictEvidence, 'baseline'>,
  reference: string,
): readonly CostStep[] {
  const row = (rule: 'half' | 'tuned') =>
    ledger.find((one) => one.name === reference && one.rule === rule)
  const [half, tuned] = [row('half'), row('tuned')]
  const treated = ledger
    .filter(({ untreated, rule }) => !untreated && rule === 'tuned')
    .toSorted((a, b) => a.costPer1000 - b.costPer1000)
    .slice(0, mostTreated)
  return [
    {
      label: baseline.withoutIs === 'alert nobody' ? 'Nobody alerted' : 'Everybody alerted',
      kind: 'without',
      cost: baseline.costWithout,
      ...{ low: null, high: null, change: null },
    },
    {
      label: `${reference} at 0.5`,
      kind: 'at half',
      cost: baseline.costAtHalf,
      low: half?.costPer1000Interval?.lower ?? null,
      high: half?.costPer1000Interval?.upper ?? null,
      change: baseline.costAtHalf - baseline.costWithout,
    },
    {
      label: `${reference}, threshold tuned`,
      kind: 'tuned',
      cost: baseline.costTuned,
      low: tuned?.costPer1000Interval?.lower ?? null,
      high: tuned?.costPer1000Interval?.upper ?? null,
      change: baseline.costTuned - baseline.costAtHalf,
    },
    ...treated.map(({ name, costPer1000, costPer1000Interval }): CostStep => ({
      label: name,
      kind: 'treated',
      cost: costPer1000,
      low: costPer1000Interval?.lower ?? null,
      high: costPer1000Interval?.upper ?? null,
      change: costPer1000 - baseline.costTuned,
    })),
  ]
}
