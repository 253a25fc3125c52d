import type { PlanPreview, TreatmentFacts } from '#shared/contract/work.ts'
import { UserError } from '#shared/contract/errors.ts'
import type { Column, Roles } from '#shared/core/dataset/dataset.ts'
import { guardrailData } from '#shared/core/guardrails/guardrail-data.ts'
import { treatmentFacts } from '#shared/core/pipeline/treatment-facts.ts'
import { checkPlan, validationProblem } from '#shared/core/plan/check-plan.ts'
import { withUntreated } from '#shared/core/plan/default-plan.ts'
import { isUntreated } from '#shared/core/plan/plan.ts'
import type { DatasetVersion } from '../../store/datasets.ts'
import type { Handler, OpenedProject } from '../desk/context.ts'
import { chosenOf, earlierReasons, historyOf, previewGuardrails } from '../guardrails.ts'
import { countKept, keptFolds } from '../kept-folds.ts'
import { tableBytes } from '../loaded-data.ts'
import { fitMemory } from '../memory.ts'
import { planOf } from './runs.ts'

/**
 * What a plan would take. Asked with every edit, so it goes by what is noted of the columns and
 * doesn't load the table; a run is checked again on the table itself.
 */
export const previewOfPlan: Handler<'plan.preview'> = (args, context): PlanPreview => {
  const opened = context.project()
  const { workers, memoryCapBytes } = context.limits()
  const found = opened.workbench.samples(args.versionId, args.roles, args.frame)
  const { version, samples, frameFacts } = found
  const facts = factsOf(found, args.roles)
  const { plan, added } = withUntreated(planOf(args))
  if (plan.configurations.length === 0) {
    const notes = ['Choose at least one model to run.']
    return { runs: [], guardrails: [], memoryBytes: 0, memoryCapBytes, workers, notes }
  }

  const problem = args.validation === undefined ? null : validationProblem(args.validation)
  if (problem !== null) throw new UserError('bad_input', sentence(problem))
  const findings = checkPlan(plan, facts.plan)
  const refusal = findings.find(
    ({ severity, configuration }) => severity === 'refused' && configuration === null,
  )
  if (refusal !== undefined) throw new UserError('bad_input', sentence(refusal.message))
  const reasons = new Map(
    findings
      .filter(({ severity }) => severity === 'refused')
      .map(({ configuration, message }) => [configuration, message]),
  )
  const runnable = plan.configurations.filter(({ name }) => !reasons.has(name))

  const kept = keptFolds(
    opened.project,
    {
      datasetVersionId: version.id,
      roles: args.roles,
      frame: args.frame,
      seed: args.seed,
      innerFolds: plan.innerFolds,
      folds: plan.folds,
      validation: plan.validation,
    },
    plan.configurations,
    context.services.program.version,
    null,
  )
  const models = new Set(runnable.map(({ model }) => model.kind))
  const memory = fitMemory(
    { ...plan, configurations: runnable },
    facts.memory,
    models.size,
    workers,
    memoryCapBytes,
  )
  return {
    runs: plan.configurations.map((configuration) => ({
      name: configuration.name,
      untreated: isUntreated(configuration),
      foldsKept: countKept(kept.get(configuration.name)),
      refusedBecause: reasons.get(configuration.name) ?? null,
    })),
    guardrails: previewGuardrails(
      {
        plan,
        chosen: chosenOf(plan),
        data: guardrailData(
          featuresOf(version, args.roles),
          {
            rows: samples.yTrue.length,
            positives: facts.plan.positives,
            prevalence: frameFacts.prevalenceInData,
          },
          args.roles,
        ),
        frame: frameFacts,
        history: historyOf(opened.project, version.id),
        results: null,
      },
      earlierReasons(opened.project, version.id),
    ),
    memoryBytes: memory.bytes,
    memoryCapBytes,
    workers: memory.workers,
    notes: [
      memory.notice,
      ...added.map((name) => `${name} is added: the untreated model is part of every comparison.`),
      ...findings
        .filter(({ severity }) => severity === 'noted')
        .map(({ configuration, message }) =>
          sentence(configuration === null ? message : `${configuration}: ${message}`),
        ),
    ],
  }
}

/** What treatments are judged by; goes by what is noted of the columns, as the preview does. */
export const factsOfTreatments: Handler<'plan.facts'> = ({ versionId, roles, frame }, context) =>
  factsOf(context.project().workbench.samples(versionId, roles, frame), roles)

function factsOf(
  { version, samples, frameFacts }: ReturnType<OpenedProject['workbench']['samples']>,
  roles: Roles,
): TreatmentFacts {
  return treatmentFacts(
    featuresOf(version, roles),
    samples,
    frameFacts,
    version.columns
      .filter(({ name, kind }) => kind === 'numeric' && name !== roles.target)
      .map(({ name }) => name),
    tableBytes(version) + samples.yTrue.length * bytesPerSample,
  )
}

/** Label, weights, fold and group of a sample, about. */
const bytesPerSample = 16

/** Stands for a text of a category, whose length is not noted. */
const sampleText = ' '.repeat(16)

/** The columns that models would see, as far as memory goes: one value each. */
function featuresOf(version: DatasetVersion, roles: Roles): Column[] {
  const taken = new Set([
    roles.target,
    roles.id,
    roles.time,
    roles.group,
    roles.weight,
    ...roles.ignore,
  ])
  return version.columns
    .filter(({ name, facts }) => !taken.has(name) && facts.levels !== version.nRows)
    .map(({ name, kind, facts }): Column =>
      kind === 'numeric'
        ? { kind, name, values: Float64Array.of(facts.missing > 0 ? NaN : 0) }
        : {
            kind,
            name,
            codes: new Int32Array(0),
            levels: new Array<string>(facts.levels ?? 0).fill(sampleText),
          },
    )
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
