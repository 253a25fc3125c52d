import { categoricalsInUse, correctsPriorOdds } from './plan.ts'
import { resampledCounts } from './resampled-counts.ts'
import { leastMinority, leastSamples, samplingKinds } from './sampling-kinds.ts'
import type { SamplingChoice } from './sampling-choice.ts'
import { modelsAtEnds, rangeProblem, searchable } from './search-ranges.ts'
import type { RuleColumn } from '../rules/match-rule.ts'
import { ruleLayerProblems } from '../rules/rule-layer.ts'
import type {
  Configuration,
  LossChoice,
  ModelChoice,
  Plan,
  SingleModelChoice,
  ValidationChoice,
} from './plan.ts'

/** What a plan is checked against. */
export interface PlanFacts {
  readonly positives: number
  readonly negatives: number
  /** Numeric columns that models may see; left out where they aren't known. */
  readonly numericColumns?: readonly string[]
  /** All columns that models may see, in the order of the table; left out where not known. */
  readonly columns?: readonly RuleColumn[]
  /** Numeric columns of the table but the target, which may hold weights; left out where not known. */
  readonly weightColumns?: readonly string[]
  /** Whether models see columns of categories. */
  readonly hasCategories?: boolean
}

/** One objection to a plan. */
export interface PlanFinding {
  /** `refused`: the plan can't run. `noted`: it runs, and the report says this. */
  readonly severity: 'refused' | 'noted'
  /** Configuration concerned, or null for the plan as a whole. */
  readonly configuration: string | null
  readonly message: string
  /** True where only these data stand against the configuration, not its hyperparameters. */
  readonly forWantOfData?: boolean
}

/** What is wrong with a validation, or null; without full stop. */
export function validationProblem({
  scheme,
  gapDays = 0,
  labelsMatureAfterDays = 0,
  repeats = 1,
  finalTestShare = 0,
  calibrationShare = 0,
}: ValidationChoice): string | null {
  const days = { gap_days: gapDays, labels_mature_after_days: labelsMatureAfterDays }
  for (const [name, value] of Object.entries(days)) {
    if (!(value >= 0 && value < Infinity)) {
      return `validation.${name} must be a number of days from 0, got ${value}`
    }
  }
  if (gapDays > 0 && scheme !== 'time') {
    return 'validation.gap_days needs validation.scheme "time": other folds have no order'
  }
  if (!(Number.isInteger(repeats) && repeats >= 1 && repeats <= 20)) {
    return `validation.repeats must be 1 to 20, got ${repeats}`
  }
  if (repeats > 1 && scheme === 'time') {
    return 'validation.repeats needs validation.scheme "stratified": time has one order'
  }
  const shares = { final_test_share: finalTestShare, calibration_share: calibrationShare }
  for (const [name, value] of Object.entries(shares)) {
    if (!(value >= 0 && value <= 0.5)) {
      return `validation.${name} must lie in [0, 0.5], got ${value}`
    }
  }
  return null
}

const namePattern = /^[\p{L}\p{N}_.-]{1,60}$/u

/**
 * Everything that stands against running a plan on a data set with these counts. Every host calls
 * it before a job is queued, so that nothing fails an hour later that could be known at once.
 *
 * @returns Findings in the order of the plan; empty when nothing stands against it.
 */
export function checkPlan(plan: Plan, facts: PlanFacts): PlanFinding[] {
  const findings: PlanFinding[] = []
  const refuse = (configuration: string | null, message: string): void => {
    findings.push({ severity: 'refused', configuration, message })
  }
  const wholeIn = (value: number, low: number, high: number): boolean =>
    Number.isInteger(value) && value >= low && value <= high

  if (!wholeIn(plan.folds, 2, 50)) refuse(null, `folds must be 2 to 50, got ${plan.folds}`)
  if (!wholeIn(plan.innerFolds, 2, 20)) {
    refuse(null, `inner_folds must be 2 to 20, got ${plan.innerFolds}`)
  }
  if (!wholeIn(plan.bootstrapDraws, 100, 100_000)) {
    refuse(null, `bootstrap_draws must be 100 to 100,000, got ${plan.bootstrapDraws}`)
  }
  if (plan.configurations.length === 0) refuse(null, 'the plan has no configuration')
  const rarer = Math.min(facts.positives, facts.negatives)
  if (findings.length > 0) return findings

  // The smallest training set is what an inner fold leaves of what an outer fold leaves.
  const outerTraining = rarer - Math.ceil(rarer / plan.folds)
  const innerTraining = outerTraining - Math.ceil(outerTraining / plan.innerFolds)
  const name = facts.positives <= facts.negatives ? 'positives' : 'negatives'
  if (rarer < plan.folds) {
    const what = rarer === 1 ? `one ${name.slice(0, -1)}` : `${rarer} ${name}`
    refuse(null, `${what} can't be spread over ${plan.folds} folds; use fewer folds`)
  } else if (outerTraining < plan.innerFolds) {
    refuse(
      null,
      `a training set would hold ${outerTraining} ${name}, too few for ${plan.innerFolds} inner folds; use fewer folds`,
    )
  }

  const seen = new Set<string>()
  for (const configuration of plan.configurations) {
    if (!namePattern.test(configuration.name)) {
      refuse(
        configuration.name,
        `the name "${configuration.name}" must have 1 to 60 letters, digits, _, - or .`,
      )
    }
    if (seen.has(configuration.name)) {
      refuse(configuration.name, `the name ${configuration.name} is used twice`)
    }
    seen.add(configuration.name)
    for (const message of hyperparameterProblems(configuration)) refuse(configuration.name, message)
    for (const message of [...searchProblems(configuration), ...insightProblems(configuration)]) {
      refuse(configuration.name, message)
    }
    for (const message of unknownColumns(configuration, facts)) refuse(configuration.name, message)
    for (const message of ruleLayerProblems(configuration.rules ?? [], facts.columns ?? null)) {
      refuse(configuration.name, message)
    }
    const { sampling } = configuration
    for (const message of samplingObstacles(sampling, innerTraining, facts)) {
      findings.push({
        severity: 'refused',
        configuration: configuration.name,
        message,
        forWantOfData: true,
      })
    }
    const { model } = configuration
    if (configuration.calibration.correction && !correctsPriorOdds(configuration)) {
      findings.push({
        severity: 'noted',
        configuration: configuration.name,
        message:
          'the mean of votes has no formula for a change of prior odds, so these are not corrected; the calibrator sees to it',
      })
    }
    const asked = model.kind === 'gradient_boosting' ? model.categoricals : undefined
    if (facts.hasCategories === true && categoricalsInUse(configuration) !== (asked ?? 'one_hot')) {
      findings.push({
        severity: 'noted',
        configuration: configuration.name,
        message:
          'a sampler that makes samples between others needs one 0/1 feature per category, so trees see these instead of sets of categories',
      })
    }
    if ('targetImbalanceRatio' in sampling) {
      const counts = resampledCounts(sampling, facts.negatives, facts.positives)
      if (counts.negatives === facts.negatives && counts.positives === facts.positives) {
        findings.push({
          severity: 'noted',
          configuration: configuration.name,
          message:
            sampling.targetCounts === undefined
              ? `the data are already at ${sampling.targetImbalanceRatio}:1 or milder, so sampling changes nothing`
              : 'the data have the counts asked for already, so sampling changes nothing',
        })
      }
    }
  }
  return findings
}

/**
 * The plan without the configurations that these data can't carry, where the plan allows that.
 *
 * @returns The plan to run, and what was left out and why, a sentence each.
 */
export function withoutInfeasible(
  plan: Plan,
  facts: PlanFacts,
): { readonly plan: Plan; readonly leftOut: readonly string[] } {
  if (!plan.leaveOutInfeasible) return { plan, leftOut: [] }
  const infeasible = new Map(
    checkPlan(plan, facts)
      .filter(({ forWantOfData }) => forWantOfData === true)
      .map(({ configuration, message }) => [configuration, message]),
  )
  return {
    plan: {
      ...plan,
      configurations: plan.configurations.filter(({ name }) => !infeasible.has(name)),
    },
    leftOut: [...infeasible].map(([name, message]) => `${name!} was left out: ${message}.`),
  }
}

/** Why these data can't carry a sampler. */
function samplingObstacles(
  sampling: SamplingChoice,
  innerTraining: number,
  { positives, negatives, numericColumns, hasCategories }: PlanFacts,
): string[] {
  if (sampling.kind === 'none') return []
  const { title } = samplingKinds[sampling.kind]
  const obstacles: string[] = []
  const least = leastMinority(sampling)
  if (innerTraining > 0 && innerTraining < least) {
    const using = 'neighbors' in sampling ? ` with ${sampling.neighbors} neighbours` : ''
    obstacles.push(
      `${title}${using} needs at least ${least} samples of the rarer class in every training set; the smallest would have ${innerTraining}`,
    )
  }
  const share = innerTraining / Math.min(positives, negatives)
  const smallest = Math.floor(share * (positives + negatives))
  if (innerTraining > 0 && smallest < leastSamples(sampling)) {
    obstacles.push(
      `${title} needs at least ${leastSamples(sampling)} samples in every training set; the smallest would have ${smallest}`,
    )
  }
  if (numericColumns === undefined) return obstacles
  if (sampling.kind === 'smote_n' && numericColumns.length > 0) {
    obstacles.push(
      `SMOTEN takes columns of categories alone, and "${numericColumns[0]!}" holds numbers; SMOTE-NC takes both`,
    )
  }
  if (sampling.kind === 'smote_nc' && numericColumns.length === 0 && hasCategories === true) {
    obstacles.push('SMOTE-NC needs a column of numbers; SMOTEN takes categories alone')
  }
  return obstacles
}

/** Columns that a model is to keep a direction of or that are to weigh, but can't. */
function unknownColumns(
  { model, weighting }: Configuration,
  { numericColumns, weightColumns }: PlanFacts,
): string[] {
  return [
    ...directionless(model, numericColumns),
    ...(weighting.kind === 'column' && weightColumns?.includes(weighting.column) === false
      ? [`weighting names "${weighting.column}", which is not a numeric column of the data`]
      : []),
  ]
}

function directionless(
  model: ModelChoice,
  numericColumns: readonly string[] | undefined,
): string[] {
  return partsOf(model).flatMap((part) => {
    if (part.kind !== 'gradient_boosting') return []
    const named = (part.monotone ?? []).map(({ column }) => column)
    const twice = named.filter((column, at) => named.indexOf(column) < at)
    return [
      ...[...new Set(twice)].map((column) => `monotone names "${column}" more than once`),
      ...named
        .filter((column) => numericColumns?.includes(column) === false)
        .map((column) => `monotone names "${column}", which is not a numeric column of the data`),
    ]
  })
}

function insightProblems({ insight }: Configuration): string[] {
  const { shares = [] } = insight?.learningCurve ?? {}
  const { samples = 1 } = insight?.contributions ?? {}
  const wrong = shares.find((share) => !(share > 0 && share <= 1))
  return [
    ...(wrong === undefined ? [] : [`shares must be above 0 and at most 1, got ${wrong}`]),
    ...(shares.length <= 20 ? [] : [`there may be 20 shares at most, got ${shares.length}`]),
    ...(Number.isInteger(samples) && samples >= 1 && samples <= 10_000
      ? []
      : [`samples must be 1 to 10,000, got ${samples}`]),
  ]
}

function searchProblems({ model, search, sampling, weighting }: Configuration): string[] {
  if (search === undefined) return []
  const { trials, factor, ranges } = search
  const names = Object.keys(ranges)
  const known = searchable(model)
  const problems = names.flatMap((name) => {
    if (!known.includes(name)) {
      return [`search: ${model.kind} has no number "${name}"; it has ${known.join(', ')}`]
    }
    const problem = rangeProblem(ranges[name]!)
    return problem === null ? [] : [`search: ${name} ${problem}`]
  })
  if (names.length === 0) problems.push('search: ranges must name a hyperparameter')
  if (!(Number.isInteger(trials) && trials >= 2 && trials <= 500)) {
    problems.push(`search: trials must be 2 to 500, got ${trials}`)
  }
  if (!(Number.isInteger(factor) && factor >= 2 && factor <= 10)) {
    problems.push(`search: factor must be 2 to 10, got ${factor}`)
  }
  if (problems.length > 0) return problems
  const atEnds = modelsAtEnds(model, ranges).flatMap((end) =>
    hyperparameterProblems({ model: end, sampling, weighting }),
  )
  const stated = hyperparameterProblems({ model, sampling, weighting })
  return [...new Set(atEnds)]
    .filter((problem) => !stated.includes(problem))
    .map((problem) => `search: ${problem}`)
}

/** The models that a model is made of: itself, or its stages. */
function partsOf(model: ModelChoice): readonly SingleModelChoice[] {
  return model.kind === 'two_stage' ? [model.gate, model.filter] : [model]
}

function hyperparameterProblems({
  model,
  sampling,
  weighting,
}: Pick<Configuration, 'model' | 'sampling' | 'weighting'>): string[] {
  const problems: string[] = []
  const expect = (ok: boolean, name: string, wanted: string, got: unknown): void => {
    if (!ok) problems.push(`${name} must be ${wanted}, got ${String(got)}`)
  }
  const whole = (value: number, low: number, high: number): boolean =>
    Number.isInteger(value) && value >= low && value <= high
  const within = (name: string, value: number, low: number, high: number): void => {
    expect(value >= low && value <= high, name, `${low} to ${high}`, value)
  }
  const notNegative = (name: string, value: number): void => {
    expect(value >= 0 && Number.isFinite(value), name, 'a finite number from 0', value)
  }
  const share = (name: string, value: number, most: number): void => {
    expect(value > 0 && value <= most, name, `above 0 and at most ${most}`, value)
  }
  const rate = (value: number): void => {
    expect(value > 0 && value <= 1, 'learning_rate', 'above 0 and at most 1', value)
  }
  switch (model.kind) {
    case 'two_stage':
      share('gate_recall', model.gateRecall, 1)
      expect(whole(model.gateFolds, 2, 20), 'gate_folds', '2 to 20', model.gateFolds)
      for (const [stage, part] of Object.entries({ gate: model.gate, filter: model.filter })) {
        const ofPart = hyperparameterProblems({
          model: part,
          sampling: { kind: 'none' },
          weighting: { kind: 'none' },
        })
        problems.push(...ofPart.map((problem) => `${stage}: ${problem}`))
      }
      break
    case 'logistic_regression':
      expect(model.c > 0 && Number.isFinite(model.c), 'c', 'a finite number above 0', model.c)
      within('l1_ratio', model.l1Ratio ?? 0, 0, 1)
      break
    case 'gradient_boosting':
      expect(whole(model.iterations, 1, 10_000), 'iterations', '1 to 10,000', model.iterations)
      expect(whole(model.maxDepth, 1, 16), 'max_depth', '1 to 16', model.maxDepth)
      rate(model.learningRate)
      notNegative('lambda', model.lambda)
      notNegative('min_child_weight', model.minChildWeight)
      expect(whole(model.bins, 4, 256), 'bins', '4 to 256', model.bins)
      if (model.maxLeaves !== undefined) {
        expect(whole(model.maxLeaves, 2, 1024), 'max_leaves', '2 to 1,024', model.maxLeaves)
      }
      share('row_share', model.rowShare ?? 1, 1)
      share('column_share', model.columnShare ?? 1, 1)
      if (model.earlyStopping !== undefined) {
        const { validationShare, patience, metric } = model.earlyStopping
        share('validation_share', validationShare, 0.5)
        expect(whole(patience, 1, 10_000), 'patience', '1 to 10,000', patience)
        if (metric.kind === 'cost') {
          notNegative('false_positive', metric.falsePositive)
          notNegative('false_negative', metric.falseNegative)
        }
      }
      break
    case 'multilayer_perceptron': {
      const { hidden, focalAlpha } = model
      expect(
        whole(hidden.length, 1, 3) && hidden.every((units) => whole(units, 1, 1024)),
        'hidden',
        '1 to 3 layers of 1 to 1,024 units',
        `[${hidden.join(', ')}]`,
      )
      expect(model.dropout >= 0 && model.dropout <= 0.9, 'dropout', '0 to 0.9', model.dropout)
      notNegative('l2', model.l2)
      rate(model.learningRate)
      expect(whole(model.batchSize, 2, 65_536), 'batch_size', '2 to 65,536', model.batchSize)
      expect(whole(model.epochs, 1, 10_000), 'epochs', '1 to 10,000', model.epochs)
      expect(whole(model.patience, 1, 10_000), 'patience', '1 to 10,000', model.patience)
      within('validation_share', model.validationShare, 0, 0.5)
      within('focal_gamma', model.focalGamma, 0, 10)
      expect(
        focalAlpha === null || (focalAlpha > 0 && focalAlpha < 1),
        'focal_alpha',
        'null or between 0 and 1',
        focalAlpha,
      )
      expect(
        model.loss === undefined || model.focalGamma === 0,
        'focal_gamma',
        'left out where a loss is named',
        model.focalGamma,
      )
      break
    }
    case 'decision_tree':
    case 'random_forest':
    case 'balanced_random_forest':
    case 'balanced_bagging':
    case 'self_paced_ensemble':
      if (model.maxDepth !== null) {
        expect(whole(model.maxDepth, 1, 10_000), 'max_depth', 'null or 1 to 10,000', model.maxDepth)
      }
      notNegative('min_leaf_weight', model.minLeafWeight)
      expect(whole(model.bins, 4, 256), 'bins', '4 to 256', model.bins)
      if (model.kind === 'decision_tree') break
      expect(whole(model.trees, 1, 10_000), 'trees', '1 to 10,000', model.trees)
      if (model.kind === 'self_paced_ensemble') {
        expect(
          whole(model.hardnessBins, 1, 1000),
          'hardness_bins',
          '1 to 1,000',
          model.hardnessBins,
        )
      }
      break
    case 'easy_ensemble':
      expect(whole(model.members, 1, 1000), 'members', '1 to 1,000', model.members)
      expect(whole(model.rounds, 1, 10_000), 'rounds', '1 to 10,000', model.rounds)
      expect(whole(model.bins, 4, 256), 'bins', '4 to 256', model.bins)
      break
    case 'rus_boost':
      expect(whole(model.rounds, 1, 10_000), 'rounds', '1 to 10,000', model.rounds)
      rate(model.learningRate)
      expect(whole(model.bins, 4, 256), 'bins', '4 to 256', model.bins)
      break
    case 'gaussian_naive_bayes':
      within('variance_share', model.varianceShare, 0, 1)
      break
    case 'isolation_forest':
      expect(whole(model.trees, 1, 10_000), 'trees', '1 to 10,000', model.trees)
      expect(
        whole(model.samplesPerTree, 2, 65_536),
        'samples_per_tree',
        '2 to 65,536',
        model.samplesPerTree,
      )
      break
  }
  const { loss } = model as { readonly loss?: LossChoice }
  switch (loss?.kind) {
    case 'focal':
      within('gamma', loss.gamma, 0, 20)
      expect(loss.alpha > 0 && loss.alpha < 1, 'alpha', 'between 0 and 1', loss.alpha)
      break
    case 'logit_adjusted':
      within('tau', loss.tau, 0, 10)
      break
    case 'ldam':
      within('max_margin', loss.maxMargin, 0, 100)
      share('scale', loss.scale, 100)
      within('deferral', loss.deferral, 0, 1)
      expect(loss.beta >= 0 && loss.beta < 1, 'beta', 'at least 0 and below 1', loss.beta)
      break
    case 'hard_mining':
      share('share', loss.share, 1)
      break
    case 'self_paced':
      share('start_share', loss.startShare, 1)
      within('pace', loss.pace, 0, 1)
      break
    case 'log_loss':
    case undefined:
      break
  }
  if (weighting.kind === 'effective_number') {
    const { beta } = weighting
    expect(beta >= 0 && beta < 1, 'beta', 'at least 0 and below 1', beta)
  }
  if (weighting.kind === 'custom') {
    for (const name of ['negative', 'positive'] as const) {
      const weight = weighting[name]
      expect(weight > 0 && Number.isFinite(weight), name, 'a finite number above 0', weight)
    }
  }
  if ('targetImbalanceRatio' in sampling) {
    expect(
      sampling.targetImbalanceRatio >= 1 && Number.isFinite(sampling.targetImbalanceRatio),
      'target_imbalance_ratio',
      'a finite number from 1',
      sampling.targetImbalanceRatio,
    )
  }
  if ('targetCounts' in sampling) {
    for (const [name, count] of Object.entries(sampling.targetCounts ?? {})) {
      expect(whole(count, 1, 1e9), `target_counts.${name}`, '1 to 1,000,000,000', count)
    }
  }
  const counted = (name: string, value: number, low: number, high: number): void => {
    expect(whole(value, low, high), name, `${low} to ${high}`, value)
  }
  if ('neighbors' in sampling) counted('neighbors', sampling.neighbors, 1, 100)
  if ('outerNeighbors' in sampling) counted('outer_neighbors', sampling.outerNeighbors, 1, 100)
  if (sampling.kind === 'svm_smote') within('step', sampling.step, 0, 1)
  if (sampling.kind === 'kmeans_smote') {
    counted('clusters', sampling.clusters, 1, 1000)
    within('least_minority_share', sampling.leastMinorityShare, 0, 1)
  }
  if (sampling.kind === 'instance_hardness') counted('folds', sampling.folds, 2, 20)
  if (sampling.kind === 'condensed_nearest_neighbors') counted('passes', sampling.passes, 1, 100)
  return problems
}
