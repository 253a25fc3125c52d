/** Guardrails at the two moments when they are asked: when a plan is ordered, and of its results. */
import { canonicalJson, toJson } from '#shared/contract/json.ts'
import { UserError } from '#shared/contract/errors.ts'
import { guardrailData } from '#shared/core/guardrails/guardrail-data.ts'
import type { GuardrailFacts, GuardrailHistory } from '#shared/core/guardrails/guardrail.ts'
import type { GuardrailFinding } from '#shared/core/guardrails/guardrail-result.ts'
import { measureOfFrame, noHistory } from '#shared/core/guardrails/history.ts'
import { judgeGuardrails } from '#shared/core/guardrails/judge-guardrails.ts'
import type {
  Acknowledgement,
  GuardrailJudgement,
} from '#shared/core/guardrails/judge-guardrails.ts'
import type { PreparedExperiment } from '#shared/core/pipeline/prepare-experiment.ts'
import { defaultPlan } from '#shared/core/plan/default-plan.ts'
import { isUntreated } from '#shared/core/plan/plan.ts'
import type { Configuration, Plan } from '#shared/core/plan/plan.ts'
import type { Roles } from '#shared/core/dataset/dataset.ts'
import type { AnalysisResults, GuardrailResult } from '#shared/core/report/analysis.ts'
import type { Experiment } from '../store/experiments.ts'
import type { NewAcknowledgement, StoredAcknowledgement } from '../store/guardrails.ts'
import type { Project } from '../store/project.ts'

/**
 * The configurations that a person has chosen. The default plan is what the program compares by
 * itself, and untreated runs are part of every plan: neither is anybody's choice.
 */
export function chosenOf({ configurations }: Plan): readonly Configuration[] {
  const key = (all: readonly Configuration[]): string => canonicalJson(toJson(all))
  const standard = defaultPlan().configurations
  if (key(configurations) === key(standard)) return []
  return configurations.filter((one) => !isUntreated(one))
}

/** A version and those that it is a correction of: what was done on them was done on its cases. */
function lineOf(project: Project, versionId: number): readonly number[] {
  const base = project.datasets.correction(versionId)?.baseVersionId
  return base === undefined ? [versionId] : [versionId, ...lineOf(project, base)]
}

/** What the project knows of earlier work on the same cases. */
export function historyOf(project: Project, versionId: number): GuardrailHistory {
  const line = lineOf(project, versionId)
  const fingerprintOf = (id: number): string | undefined => project.datasets.get(id)?.fingerprint
  const same = new Set(line.map(fingerprintOf))
  const done = project
    .experimentFacts()
    .filter(
      ({ datasetVersionId, digest }) =>
        digest !== null && same.has(fingerprintOf(datasetVersionId)),
    )
  const latest = done.at(-1)
  return {
    ...noHistory,
    labelsScanned: line.some((id) => project.reviews.scans(id).length > 0),
    configurations: done.flatMap(({ runs }) => runs.map(({ configuration }) => configuration)),
    primaryMeasure: latest === undefined ? null : measureOfFrame(latest.frame),
  }
}

export function factsOf(
  preparation: PreparedExperiment,
  roles: Roles,
  history: GuardrailHistory,
  results: GuardrailFacts['results'],
): GuardrailFacts {
  const { data, datasetFacts, frameFacts } = preparation
  return {
    plan: data.plan,
    chosen: chosenOf(data.plan),
    data: guardrailData(data.features, datasetFacts, roles),
    frame: frameFacts,
    history,
    results,
  }
}

/**
 * Judges an order. Reasons that were given for the very same finding on the same data still hold.
 *
 * @returns The reasons to be kept with the order.
 * @throws UserError `guardrail` when something refuses it for good, `acknowledgement_needed` when a
 *   reason is missing; both name the guardrails and carry the findings.
 */
export function requireGuardrails(
  facts: GuardrailFacts,
  given: readonly Acknowledgement[],
  earlier: readonly NewAcknowledgement[],
): readonly NewAcknowledgement[] {
  const open = judgeGuardrails(facts, [])
  const answers = open.toAcknowledge.flatMap(({ id, message }): NewAcknowledgement[] => {
    const reason =
      given.find(({ guardrail, reason: text }) => guardrail === id && text.trim() !== '')?.reason ??
      earlier.findLast(({ guardrail, finding }) => guardrail === id && finding === message)?.reason
    return reason === undefined ? [] : [{ guardrail: id, finding: message, reason: reason.trim() }]
  })
  refuse(open, answers)
  return answers
}

function refuse(
  { blocked, toAcknowledge }: GuardrailJudgement,
  answers: readonly Acknowledgement[],
): void {
  const lines = (findings: readonly GuardrailFinding[]): string =>
    findings.map(({ id, message }) => `${id}: ${message}`).join('\n')
  if (blocked.length > 0) {
    throw new UserError('guardrail', lines(blocked), { findings: blocked })
  }
  const silent = toAcknowledge.filter(
    ({ id }) => !answers.some(({ guardrail }) => guardrail === id),
  )
  if (silent.length === 0) return
  const options = silent.map(({ id }) => `--ack ${id}='reason'`).join(' ')
  throw new UserError('acknowledgement_needed', `${lines(silent)}\nIn the terminal: ${options}.`, {
    findings: silent,
  })
}

/** Reasons given on a version, or on those that it is a correction of; oldest first. */
export function earlierReasons(
  project: Project,
  versionId: number,
): readonly StoredAcknowledgement[] {
  return lineOf(project, versionId)
    .toReversed()
    .flatMap((id) => project.guardrails.acknowledgements(id))
}

/** Guardrails of an order as far as they are known before the data are loaded. */
export function previewGuardrails(
  facts: GuardrailFacts,
  earlier: readonly NewAcknowledgement[],
): readonly GuardrailResult[] {
  const open = judgeGuardrails(facts, [])
  const answers = open.toAcknowledge.flatMap(({ id, message }): Acknowledgement[] => {
    const known = earlier.findLast(
      ({ guardrail, finding }) => guardrail === id && finding === message,
    )
    return known === undefined ? [] : [known]
  })
  return judgeGuardrails(facts, answers).results
}

/** The results of an experiment with its guardrails, as it was ordered and as it came out. */
export function withGuardrails(
  results: Omit<AnalysisResults, 'guardrails'>,
  preparation: PreparedExperiment,
  experiment: Experiment,
  project: Project,
): AnalysisResults {
  const history = project.guardrails.history(experiment.id) ?? noHistory
  const answers = project.guardrails
    .acknowledgements(experiment.datasetVersionId)
    .filter(({ experimentId }) => experimentId === experiment.id)
  const facts = factsOf(preparation, experiment.roles, history, results)
  return { ...results, guardrails: judgeGuardrails(facts, answers).results }
}
