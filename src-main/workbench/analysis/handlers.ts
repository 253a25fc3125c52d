/** The commands that analyse: frames, plans, runs, thresholds, comparisons and reports. */
import type { Handlers } from '../desk/context.ts'
import { changedCases, comparedRuns } from './comparison.ts'
import { previewOfFrame } from './frame-preview.ts'
import { factsOfTreatments, previewOfPlan } from './plan-preview.ts'
import { explainedCase } from './explained-case.ts'
import { insightOfRun } from './insight.ts'
import { madeReport } from './report.ts'
import { demonstrateLeakage, resumeRun, runOutcome, startRun } from './runs.ts'
import { foundSlices, rowsOfSlice } from './slices.ts'
import { keepThreshold, openFinalTest, runBenefit, thresholdData } from './threshold.ts'

type Answered =
  | 'frame.preview'
  | 'plan.preview'
  | 'plan.facts'
  | 'run.start'
  | 'run.resume'
  | 'run.outcome'
  | 'run.insight'
  | 'run.explain'
  | 'threshold.data'
  | 'threshold.benefit'
  | 'threshold.keep'
  | 'slices.find'
  | 'slices.rows'
  | 'test.open'
  | 'leakage.demonstrate'
  | 'compare.changed'
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
  'run.explain': explainedCase,
  'threshold.data': thresholdData,
  'threshold.benefit': runBenefit,
  'threshold.keep': keepThreshold,
  'slices.find': foundSlices,
  'slices.rows': rowsOfSlice,
  'test.open': openFinalTest,
  'leakage.demonstrate': demonstrateLeakage,
  'compare.changed': changedCases,
  'compare.runs': comparedRuns,
  'report.make': madeReport,
}
