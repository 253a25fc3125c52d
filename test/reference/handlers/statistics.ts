/** Reference cases of the area "statistics". */
import { chiSquareQuantile, chiSquareTails } from '#shared/core/math/chi-square.ts'
import { betaQuantile, binomialTails } from '#shared/core/math/incomplete-beta.ts'
import { normalCdf, normalQuantile } from '#shared/core/math/normal.ts'
import { studentQuantile, studentTails } from '#shared/core/math/student-t.ts'
import type { Interval } from '#shared/core/metrics/interval.ts'
import { averagePrecision, countsAtThresholds, rocAuc } from '#shared/core/metrics/ranking.ts'
import { adjustPValues, type Adjustment } from '#shared/core/statistics/adjust-p-values.ts'
import {
  basicInterval,
  bcaInterval,
  bootstrapPValue,
  normalInterval,
  percentileInterval,
  standardErrorOf,
} from '#shared/core/statistics/bootstrap-intervals.ts'
import { correctedTTest } from '#shared/core/statistics/corrected-t.ts'
import {
  aucInterval,
  delongCovariance,
  hanleyMcNeilError,
  pairedAucTest,
} from '#shared/core/statistics/delong.ts'
import { mcNemarTest } from '#shared/core/statistics/mcnemar.ts'
import {
  proportionInterval,
  type ProportionMethod,
} from '#shared/core/statistics/proportion-interval.ts'
import type { Checker, GoldenCase, GoldenHandlers } from '../handlers.ts'

const LEVEL = 0.95

/** `bootstrap_check` comes from draws of another generator: for orientation only. */
const NOT_COMPARED = ['undefined', 'bootstrap_check']

export const statistics: GoldenHandlers = {
  delong: checkDelong,
  hanley_mcneil: ({ expect }, check) => {
    checkRows(expect['rows'], check, ['auc', 'n_pos', 'n_neg'], (row) => ({
      se: hanleyMcNeilError(row['auc']!, row['n_pos']!, row['n_neg']!),
    }))
  },
  proportion: ({ expect }, check) => {
    checkRows(expect['rows'], check, ['k', 'n', 'confidence'], (row) => {
      const limits = (method: ProportionMethod): unknown =>
        limitsOf(proportionInterval(method, row['k']!, row['n']!, row['confidence']!))
      return {
        wilson: limits('wilson'),
        clopper_pearson: limits('clopper-pearson'),
        wilsoncc: limits('wilson-corrected'),
        agresti_coull: limits('agresti-coull'),
        jeffreys: limits('jeffreys'),
      }
    })
  },
  mcnemar: ({ expect }, check) => {
    checkRows(expect['rows'], check, ['b', 'c'], (row) => {
      const test = mcNemarTest(row['b']!, row['c']!)
      return {
        exact_pvalue: test.exactPValue,
        mid_pvalue: test.midPValue,
        chi2: test.chiSquare,
        chi2_pvalue: test.chiSquarePValue,
        chi2_corrected: test.correctedChiSquare,
        chi2_corrected_pvalue: test.correctedPValue,
      }
    })
  },
  corrected_t: ({ input, expect }, check) => {
    const test = correctedTTest(
      numbers(input['differences']),
      input['n_train'] as number,
      input['n_test'] as number,
      LEVEL,
    )
    const got = {
      mean: test.mean,
      variance: test.variance,
      t: test.t,
      dof: test.degrees,
      pvalue: test.pValue,
      ci95: limitsOf(test.interval),
      uncorrected_t: test.uncorrectedT,
    }
    checkParts(expect, got, check)
  },
  bootstrap: checkBootstrap,
  adjust: ({ input, expect }, check) => {
    const adjusted = (method: Adjustment): Float64Array =>
      adjustPValues(numbers(input['p']), method)
    const got = {
      bonferroni: adjusted('bonferroni'),
      holm: adjusted('holm'),
      benjamini_hochberg: adjusted('benjamini-hochberg'),
    }
    checkParts(expect, got, check)
  },
  distributions: checkDistributions,
}

function checkDelong({ input, expect }: GoldenCase, check: Checker): void {
  const scores = [numbers(input['score_a']), numbers(input['score_b'])]
  const result = delongCovariance(Uint8Array.from(input['y'] as number[]), scores)
  if ('reason' in result) throw new Error(result.reason)
  const { auc, covariance, positives, negatives } = result
  const errors = auc.map((_, i) => (covariance === null ? null : Math.sqrt(covariance[i]![i]!)))
  const intervals = (scale: 'wald' | 'logit'): unknown =>
    auc.map((value, i) => {
      const error = errors[i] ?? null
      return limitsOf(error === null ? null : aucInterval(value, error, LEVEL, scale))
    })
  const paired = pairedAucTest(result, 0, 1)
  const got = {
    auc,
    covariance,
    se: errors,
    ci95_wald: intervals('wald'),
    ci95_logit: intervals('logit'),
    difference: paired?.difference ?? null,
    se_difference: paired?.standardError ?? null,
    z: paired?.z ?? null,
    pvalue: paired?.pValue ?? null,
    hanley_mcneil_se: auc.map((value) => hanleyMcNeilError(value, positives, negatives)),
  }
  checkParts(expect, got, check)
}

function checkBootstrap({ input, expect }: GoldenCase, check: Checker): void {
  const y = input['y'] as number[]
  const draws = input['indices'] as number[][]
  const measure =
    (scores: readonly number[], of: 'ap' | 'auc') =>
    (samples: readonly number[]): number => {
      const counts = countsAtThresholds(
        Uint8Array.from(samples, (i) => y[i]!),
        Float64Array.from(samples, (i) => scores[i]!),
        null,
      )
      return (of === 'ap' ? averagePrecision(counts) : rocAuc(counts)).value!
    }
  const a = input['score_a'] as number[]
  const b = input['score_b'] as number[]
  const all = y.map((_, i) => i)
  const [apA, apB] = [measure(a, 'ap')(all), measure(b, 'ap')(all)]
  const replicatesA = Float64Array.from(draws, measure(a, 'ap'))
  const replicatesB = Float64Array.from(draws, measure(b, 'ap'))
  const jackknife = Float64Array.from(all, (left) =>
    measure(a, 'ap')(all.filter((i) => i !== left)),
  )
  const bca = bcaInterval(apA, replicatesA, jackknife, LEVEL)!
  const differences = replicatesA.map((value, i) => value - replicatesB[i]!)
  const got = {
    average_precision_a: apA,
    average_precision_b: apB,
    replicates_ap_a: replicatesA,
    replicates_ap_b: replicatesB,
    replicates_auc_a: Float64Array.from(draws, measure(a, 'auc')),
    se_ap_a: standardErrorOf(replicatesA),
    percentile95_ap_a: limitsOf(percentileInterval(replicatesA, LEVEL)),
    basic95_ap_a: limitsOf(basicInterval(apA, replicatesA, LEVEL)),
    normal95_ap_a: limitsOf(normalInterval(apA, replicatesA, LEVEL)),
    jackknife_ap_a: jackknife,
    bca: {
      z0: bca.bias,
      acceleration: bca.acceleration,
      levels: bca.levels,
      interval95: limitsOf(bca),
    },
    paired: {
      difference: apA - apB,
      replicates: differences,
      percentile95: limitsOf(percentileInterval(differences, LEVEL)),
      two_sided_p: bootstrapPValue(differences),
    },
  }
  checkParts(expect, got, check)
}

function checkDistributions({ expect }: GoldenCase, check: Checker): void {
  checkRows(expect['at_x'], check, ['x'], (row) => {
    const x = row['x']!
    return {
      normal_cdf: normalCdf(x),
      normal_sf: normalCdf(-x),
      t5_sf: studentTails(x, 5).upper,
      t4_cdf: studentTails(x, 4).lower,
      // The chi-square columns were made at |x| and 3 |x|.
      chi2_1_sf: chiSquareTails(Math.abs(x), 1).upper,
      chi2_7_sf: chiSquareTails(3 * Math.abs(x), 7).upper,
    }
  })
  // The library's t quantile of one half is 7e-17, rounding of 0.
  const tol = { rel: 1e-9, abs: 1e-15 }
  const quantiles = expect['quantiles'] as Record<string, number>[]
  quantiles.forEach((row, i) => {
    const p = row['p']!
    check.close(`quantiles[${i}].normal`, normalQuantile(p), row['normal'], tol)
    check.close(`quantiles[${i}].t4`, studentQuantile(p, 4), row['t4'], tol)
    check.close(`quantiles[${i}].t9`, studentQuantile(p, 9), row['t9'], tol)
    check.close(`quantiles[${i}].chi2_1`, chiSquareQuantile(p, 1), row['chi2_1'])
    check.close(`quantiles[${i}].beta_2_5`, betaQuantile(p, 2, 5), row['beta_2_5'])
    check.close(`quantiles[${i}].beta_0_5_40`, betaQuantile(p, 0.5, 40), row['beta_0_5_40'])
  })
  checkRows(expect['binomial'], check, ['k', 'n', 'p'], (row) => ({
    cdf: binomialTails(row['k']!, row['n']!, row['p']!).lower,
  }))
}

/** Rows of arguments and results: results compared, those without a counterpart named. */
function checkRows(
  rows: unknown,
  check: Checker,
  given: readonly string[],
  measure: (row: Record<string, number>) => Record<string, unknown>,
): void {
  for (const row of rows as Record<string, number>[]) {
    const wanted = Object.fromEntries(Object.entries(row).filter(([key]) => !given.includes(key)))
    checkParts(wanted, measure(row), check)
  }
}

function checkParts(
  expect: Readonly<Record<string, unknown>>,
  got: Readonly<Record<string, unknown>>,
  check: Checker,
): void {
  for (const [part, want] of Object.entries(expect)) {
    if (NOT_COMPARED.includes(part)) continue
    if (part in got) check.close(part, got[part], want)
    else check.notYet(part)
  }
}

function limitsOf(interval: Interval | null): readonly [number, number] | null {
  return interval && [interval.lower, interval.upper]
}

function numbers(values: unknown): Float64Array {
  return Float64Array.from(values as number[])
}
