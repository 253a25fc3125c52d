/** The commands that analyse: frames, plans, runs, thresholds, comparisons and reports. */
import type { Handlers } from '../desk/context.ts'
import { changedCases, comparedRuns } from './comparison.ts'
import { previewOfFrame } from './frame-preview.ts'
import { previewOfPlan } from './plan-preview.ts'
import { madeReport } from './report.ts'
import { demonstrateLeakage, resumeRun, runOutcome, startRun } from './runs.ts'
import { keepThreshold, openFinalTest, thresholdData } from './threshold.ts'

type Answered =
  | 'frame.preview'
  | 'plan.preview'
  | 'run.start'
  | 'run.resume'
  | 'run.outcome'
  | 'threshold.data'
  | 'threshold.keep'
  | 'test.open'
  | 'leakage.demonstrate'
  | 'compare.changed'
  | 'compare.runs'
  | 'report.make'

export const analysisHandlers: Pick<Handlers, Answered> = {
  'frame.preview': previewOfFrame,
  'plan.preview': previewOfPlan,
  'run.start': startRun,
  'run.resume': resumeRun,
  'run.outcome': runOutcome,
  'threshold.data': thresholdData,
  'threshold.keep': keepThreshold,
  'test.open': openFinalTest,
  'leakage.demonstrate': demonstrateLeakage,
  'compare.changed': changedCases,
  'compare.runs': comparedRuns,
  'report.make': madeReport,
}
