/** Which run is best where costs are not known: along the ratio, and with the prevalence. */
import {
  alertedBy,
  bestByRatio,
  gridAround,
  lowerEnvelope,
  mapOfRatioAndPrevalence,
} from './lower-envelope.ts'
import type { RatedPoint } from './lower-envelope.ts'
import { per1000 } from './operating-point.ts'
import type { MapCell, RatioStretch, UncertaintyMap } from './uncertainty.ts'

/**
 * Who is cheapest from one ratio to the next.
 *
 * @param points Of all runs; at least one.
 */
export function ratioStretches(points: readonly RatedPoint[], prevalence: number): RatioStretch[] {
  return bestByRatio(lowerEnvelope(points, prevalence)).map((stretch) => ({
    ...stretch,
    to: stretch.to === Infinity ? null : stretch.to,
  }))
}

/** Who is cheapest around what is stated; `points` as above. */
export function mapAround(
  points: readonly RatedPoint[],
  ratio: number,
  prevalence: number,
): UncertaintyMap {
  const grid = gridAround(ratio, prevalence)
  const { ratios, prevalences, best, cost } = mapOfRatioAndPrevalence(
    points,
    grid.ratios,
    grid.prevalences,
  )
  return {
    ratios,
    prevalences,
    cells: prevalences.map((_, row) =>
      ratios.map((__, column): MapCell => {
        const at = row * ratios.length + column
        const point = points[best[at]!]!
        const alerts = alertedBy(point)
        return {
          name: alerts === 'some' ? point.name : null,
          alerts,
          threshold: point.threshold!,
          falseAlarmsPer1000: per1000(cost[at]!),
        }
      }),
    ),
  }
}
