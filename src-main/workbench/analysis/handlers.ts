/** The commands that analyse: frames, plans, runs, thresholds, comparisons and reports. */
import type { Handlers } from '../desk/context.ts'
import { comparedRuns } from './comparison.ts'
import { previewOfFrame } from './frame-preview.ts'
import { factsOfTreatments, previewOfPlan } from './plan-preview.ts'
import { insightOfRun } from './insight.ts'
import { madeReport } from './report.ts'
import { resumeRun, runOutcome, startRun } from './runs.ts'
import { keepThreshold, thresholdData } from './threshold.ts'

type Answered =
  | 'frame.preview'
  | 'plan.preview'
  | 'plan.facts'
  | 'run.start'
  | 'run.resume'
  | 'run.outcome'
  | 'run.insight'
  | 'threshold.data'
  | 'threshold.keep'
  | 'compare.runs'
  | 'report.make'

export const analysisHandlers: Pick<Handlers, Answered> = {
  'frame.preview': previewOfFrame,
  'plan.preview': previewOfPlan,
  'plan.facts': factsOfTreatments,
  'run.start': startRun,
  'run.resume': resumeRun,
  'run.outcome': runOutcome,
  'run.insight': insightOfRun,
  'threshold.data': thresholdData,
  'threshold.keep': keepThreshold,
  'compare.runs': comparedRuns,
  'report.make': madeReport,
}
