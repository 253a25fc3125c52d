import type { Engine } from '#shared/core/kernels.ts'
import type { Checkpoint } from '#shared/core/math/checkpoint.ts'
import { changedSides } from '#shared/core/pipeline/changed-sides.ts'
import { compareExperiment } from '#shared/core/pipeline/compare-experiment.ts'
import {
  costUncertainty,
  runBenefit,
  runUnderDoubt,
} from '#shared/core/pipeline/cost-uncertainty.ts'
import { diagnoseExperiment } from '#shared/core/pipeline/diagnose-experiment.ts'
import { evaluateRun } from '#shared/core/pipeline/evaluate-run.ts'
import { configurationNamed } from '#shared/core/pipeline/experiment-data.ts'
import type { ExperimentData } from '#shared/core/pipeline/experiment-data.ts'
import { explainSamples } from '#shared/core/pipeline/explain-samples.ts'
import type { FoldResult } from '#shared/core/pipeline/fold-result.ts'
import { differenceBetween, judgeRun } from '#shared/core/pipeline/judge-run.ts'
import { inView, judgedView } from '#shared/core/pipeline/judged-view.ts'
import type { JudgedView } from '#shared/core/pipeline/judged-view.ts'
import { layOutOfFold } from '#shared/core/pipeline/out-of-fold.ts'
import type { OutOfFold } from '#shared/core/pipeline/out-of-fold.ts'
import { runCurves } from '#shared/core/pipeline/run-curves.ts'
import { runFold, runTrial } from '#shared/core/pipeline/run-fold.ts'
import { analyseThreshold } from '#shared/core/pipeline/threshold-analysis.ts'
import { findSlices } from '#shared/core/slices/find-slices.ts'
import { auditLabelSignals } from '#shared/core/pipeline/label-audit.ts'
import { gatherLabelEvidence } from '#shared/core/pipeline/label-evidence.ts'
import { labelEstimates, labelFindings } from '#shared/core/pipeline/label-findings.ts'
import { finishLabelScan, runLabelScanStep } from '#shared/core/pipeline/label-scan.ts'
import type { LabelScanData } from '#shared/core/pipeline/label-scan.ts'
import { reviewContributions, reviewEvidence } from '#shared/core/pipeline/review-evidence.ts'
import type { Work, WorkResults } from './messages.ts'

const views = new WeakMap<ExperimentData, JudgedView>()

/** Taken once for an experiment: it may copy columns. */
function viewOf(data: ExperimentData): JudgedView {
  const known = views.get(data)
  if (known !== undefined) return known
  const view = judgedView(data)
  views.set(data, view)
  return view
}

/** Does one unit of work, synchronously. */
export function doWork(
  data: ExperimentData,
  work: Work,
  engine: Engine,
  checkpoint: Checkpoint,
): WorkResults[Work['kind']] {
  const layOut = (folds: readonly FoldResult[]): OutOfFold =>
    inView(layOutOfFold(folds, data.yTrue.length, data.folds), viewOf(data))
  switch (work.kind) {
    case 'fold':
      return runFold(
        data,
        configurationNamed(data.plan, work.configuration),
        work.fold,
        checkpoint,
        engine,
        work.trials,
      )
    case 'trial': {
      const configuration = configurationNamed(data.plan, work.configuration)
      return runTrial(data, configuration, work.fold, work, checkpoint, engine)
    }
    case 'evaluate': {
      const predictions = layOut(work.folds)
      const configuration = configurationNamed(data.plan, work.configuration)
      const judged = viewOf(data).data
      const evaluation = evaluateRun(judged, configuration, predictions, checkpoint)
      return {
        ...evaluation,
        curves: runCurves(judged, predictions),
        doubt: runUnderDoubt(judged, predictions, evaluation.result),
      }
    }
    case 'compare': {
      const { runs, frame } = work
      const judged = viewOf(data).data
      const compared = compareExperiment(judged, runs, frame, checkpoint)
      const doubts = runs.map(({ doubt }) => doubt)
      return {
        ...compared,
        costUncertainty: costUncertainty(judged, doubts, compared.comparison, frame.currency),
      }
    }
    case 'diagnose': {
      const { folds, ...runs } = work
      return diagnoseExperiment(
        viewOf(data).data,
        { ...runs, reference: layOut(folds) },
        checkpoint,
        engine,
      )
    }
    case 'slices': {
      const { features, yTrue } = viewOf(data).data
      return findSlices(features, yTrue, work.decisions, checkpoint)
    }
    case 'curves':
      return runCurves(viewOf(data).data, layOut(work.folds))
    case 'threshold':
      return analyseThreshold(viewOf(data).data, layOut(work.folds), work, checkpoint)
    case 'benefit':
      return runBenefit(viewOf(data).data, layOut(work.folds))
    case 'judge':
      return judgeRun(viewOf(data).data, layOut(work.folds), work.known, checkpoint)
    case 'explain': {
      const configuration = configurationNamed(data.plan, work.configuration)
      const { fold, samples, found } = work
      return explainSamples(data, configuration, fold, samples, found, checkpoint, engine)
    }
    case 'changed': {
      const judged = viewOf(data).data
      const features = work.slices ? judged.features : null
      const [first, second] = [layOut(work.folds), layOut(work.other)]
      return changedSides(judged, first, second, work.most, features, checkpoint)
    }
    case 'difference':
      return differenceBetween(viewOf(data).data, layOut(work.folds), layOut(work.other))
    case 'label_step':
      return runLabelScanStep(scanned(data, work.given), work.plan, work.step, checkpoint, engine)
    case 'label_findings': {
      const { plan, parts } = work
      const scores = finishLabelScan(plan, parts)
      const labels = scanned(data)
      const evidence = gatherLabelEvidence(labels, scores, { seed: plan.seed, engine }, checkpoint)
      return {
        findings: labelFindings(labels.given, scores, evidence),
        estimates: labelEstimates(labels.given, evidence, plan.folds.length),
      }
    }
    case 'label_audit': {
      const { plan, parts, flips } = work
      const scores = finishLabelScan(plan, parts)
      const labels = scanned(data, flips.given)
      const evidence = gatherLabelEvidence(labels, scores, { seed: plan.seed, engine }, checkpoint)
      return auditLabelSignals(evidence, flips)
    }
    case 'review_contributions': {
      const { plan, fold, samples } = work
      return reviewContributions(scanned(data), plan, fold, samples, checkpoint, engine)
    }
    case 'review_evidence': {
      const { findings, samples, contributions, names } = work
      const labels = scanned(data)
      return reviewEvidence(labels, findings, samples, contributions, names, checkpoint, engine)
    }
  }
}

function scanned(
  { features, yTrue, sampleWeights, groups }: ExperimentData,
  given: Uint8Array | null = null,
): LabelScanData {
  return { features, given: given ?? yTrue, sampleWeights, groups }
}
