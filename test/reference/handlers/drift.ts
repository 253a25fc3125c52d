/** Reference cases of the area "drift". */
import { chiSquareTest, fisherExactTest } from '#shared/core/drift/contingency.ts'
import { kolmogorovSmirnov, type KsMethod } from '#shared/core/drift/kolmogorov-smirnov.ts'
import { mannWhitney } from '#shared/core/drift/mann-whitney.ts'
import { blackBoxShift, estimatePrior } from '#shared/core/drift/prior-shift.ts'
import {
  countInBins,
  driftEdges,
  jensenShannon,
  jensenShannonDistance,
  populationStability,
  totalVariation,
} from '#shared/core/drift/share-distances.ts'
import {
  scaledWasserstein,
  standardDeviation,
  wassersteinDistance,
} from '#shared/core/drift/wasserstein.ts'
import type { Checker, GoldenCase, GoldenHandlers } from '../handlers.ts'

const LN_2 = Math.log(2)

export const drift: GoldenHandlers = {
  numeric: checkNumeric,
  categorical: checkCategorical,
  saerens_em: ({ input, expect }, check) => {
    const got = estimatePrior(numbers(input['p']), input['train_prior'] as number)
    checkParts(expect, check, {
      prior: got.prevalence,
      first_iterates: got.iterates.slice(0, (expect['first_iterates'] as unknown[]).length),
      adjusted_posterior: got.posterior,
    })
  },
  bbse: ({ input, expect }, check) => {
    const got = blackBoxShift(
      bits(input['validation_y']),
      bits(input['validation_pred']),
      bits(input['target_pred']),
    )
    checkParts(expect, check, {
      joint_confusion_pred_by_true: got?.joint ?? null,
      target_predicted: got?.decided ?? null,
      weights: got?.weights ?? null,
      target_prior: got === null ? null : [got.weights[0] * priorOf(got.joint, 0), got.prevalence],
      adjusted_count: got?.prevalence ?? null,
      adjusted_count_clipped: got?.clipped ?? null,
      condition_number: got?.condition ?? null,
    })
  },
}

function priorOf(joint: readonly (readonly number[])[], truth: 0 | 1): number {
  return joint[0]![truth]! + joint[1]![truth]!
}

function checkNumeric({ input, expect }: GoldenCase, check: Checker): void {
  const reference = numbers(input['reference'])
  const current = numbers(input['current'])
  const bins = (strategy: 'decile' | 'width'): Record<string, unknown> => {
    const edges = driftEdges(reference, strategy)
    const referenceCounts = countInBins(reference, edges)
    const currentCounts = countInBins(current, edges)
    return {
      edges,
      reference_counts: referenceCounts,
      current_counts: currentCounts,
      psi: populationStability(referenceCounts, currentCounts).value,
      floor: 1e-4,
    }
  }
  const ks = (part: string, method: KsMethod): unknown => {
    const want = expect[part] as { fell_back_to_asymptotic?: boolean } | null | undefined
    const fellBack = want?.fell_back_to_asymptotic === true
    const got = kolmogorovSmirnov(reference, current, fellBack ? 'asymptotic' : method)
    return {
      statistic: got.statistic,
      pvalue: got.pValue,
      location: got.location,
      sign: got.sign,
      fell_back_to_asymptotic: fellBack,
    }
  }
  const deciles = bins('decile')
  const tests = mannWhitney(reference, current)
  checkParts(expect, check, {
    ks_exact: ks('ks_exact', 'exact'),
    ks_asymp: ks('ks_asymp', 'asymptotic'),
    ks_auto: ks('ks_auto', 'auto'),
    psi_deciles: deciles,
    psi_equal_width10: bins('width'),
    wasserstein: wassersteinDistance(reference, current),
    wasserstein_over_reference_sd: scaledWasserstein(reference, current).value,
    jensen_shannon_deciles: jensenShannonOf(
      deciles['reference_counts'] as Float64Array,
      deciles['current_counts'] as Float64Array,
    ),
    mann_whitney_two_sided_asymptotic: tests && { u: tests.u, pvalue: tests.pValue },
    means: [meanOf(reference), meanOf(current)],
    sd_ddof1: [standardDeviation(reference), standardDeviation(current)],
  })
}

function checkCategorical({ input, expect }: GoldenCase, check: Checker): void {
  const reference = input['reference_counts'] as number[]
  const current = input['current_counts'] as number[]
  const chiSquare = (yates: boolean): unknown => {
    const test = chiSquareTest(reference, current, yates)
    return (
      test && {
        statistic: test.statistic,
        pvalue: test.pValue,
        dof: test.degrees,
        expected: test.expected,
        cramers_v: test.cramersV,
      }
    )
  }
  const fisher = fisherExactTest(reference, current)
  checkParts(expect, check, {
    chi2: chiSquare(false),
    chi2_yates: chiSquare(true),
    fisher_exact: fisher && { odds_ratio: fisher.oddsRatio, pvalue: fisher.pValue },
    psi: populationStability(reference, current).value,
    jensen_shannon: jensenShannonOf(reference, current),
    total_variation: totalVariation(reference, current).value,
  })
}

function jensenShannonOf(reference: ArrayLike<number>, current: ArrayLike<number>): unknown {
  const nats = jensenShannon(reference, current).value
  return {
    distance_base2: jensenShannonDistance(reference, current).value,
    divergence_base2: nats === null ? null : nats / LN_2,
    divergence_nats: nats,
  }
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function checkParts(
  expect: Readonly<Record<string, unknown>>,
  check: Checker,
  got: Readonly<Record<string, unknown>>,
): void {
  for (const [part, want] of Object.entries(expect)) {
    if (part === 'undefined') continue
    if (part in got) check.close(part, got[part], want)
    else check.notYet(part)
  }
}

function numbers(values: unknown): Float64Array {
  return Float64Array.from(values as number[])
}

function bits(values: unknown): Uint8Array {
  return Uint8Array.from(values as number[])
}
