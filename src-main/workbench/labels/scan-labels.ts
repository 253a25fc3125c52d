/** A scan of the labels of a version: models over repeated folds, and what they leave behind. */
import type { Roles } from '#shared/core/dataset/dataset.ts'
import { UserError } from '#shared/contract/errors.ts'
import { plantForAudit } from '#shared/core/pipeline/label-audit.ts'
import { labelScanModels, labelScanSteps, planLabelScan } from '#shared/core/pipeline/label-scan.ts'
import type {
  LabelScanData,
  LabelScanPart,
  LabelScanPlan,
} from '#shared/core/pipeline/label-scan.ts'
import { defaultPlan } from '#shared/core/plan/default-plan.ts'
import type { Plan } from '#shared/core/plan/plan.ts'
import type { ExperimentData } from '#shared/core/pipeline/experiment-data.ts'
import type { WorkerPool } from '../../jobs/pool.ts'
import { createPace } from '../pace.ts'
import type { ExperimentOrder, Watch } from '../workbench.ts'
import type { LabelPorts } from './label-ports.ts'
import type { ScanRecord } from './records.ts'

export interface ScanOrder {
  readonly versionId: number
  readonly roles: Roles
  readonly frame: ExperimentOrder['frame']
  readonly seed: number
  readonly repeats: number
  /** Also scans labels of which some were turned round, to see how many of them are found. */
  readonly audit: boolean
}

/** Share of a scan that its last unit takes, as a number of steps. */
const lastUnitSteps = 2

/** What is fitted at most, for the reckoning of memory. */
export function scanMemoryPlan(): Plan {
  const plan = defaultPlan()
  const [first] = plan.configurations
  if (first === undefined) throw new Error('the default plan has no configuration')
  return {
    ...plan,
    configurations: labelScanModels.map(({ name, choice }) => ({
      name,
      model: choice,
      sampling: { kind: 'none' },
      weighting: { kind: 'none' },
      calibration: first.calibration,
    })),
  }
}

export function scanData({
  features,
  yTrue,
  sampleWeights,
  groups,
}: ExperimentData): LabelScanData {
  return { features, given: yTrue, sampleWeights, groups }
}

/** The folds of a scan follow from labels, groups and seed. */
export function scanPlan(
  data: LabelScanData,
  { seed, repeats, nFolds }: Pick<ScanRecord, 'seed' | 'repeats' | 'nFolds'>,
): LabelScanPlan {
  try {
    return planLabelScan(data, { seed, repeats, nFolds })
  } catch (error) {
    if (error instanceof RangeError) throw new UserError('bad_input', `Folds: ${error.message}.`)
    throw error
  }
}

/**
 * Scans, and keeps what was found.
 *
 * @returns The id of the scan.
 * @throws UserError `bad_input` when the labels can't be scanned or memory doesn't allow it.
 */
export function scanLabels(
  { project, workbench }: LabelPorts,
  { versionId, roles, frame, seed, repeats, audit }: ScanOrder,
  workers: number,
  watch: Watch,
  now: () => number,
): Promise<number> {
  const nHeld = labelScanModels.length * repeats * (audit ? 2 : 1)
  return workbench.study(
    { versionId, roles, frame, plan: scanMemoryPlan(), seed, nHeld },
    workers,
    watch,
    async (pool, { data }) => {
      const labels = scanData(data)
      const nFolds = data.plan.folds
      const plan = scanPlan(labels, { seed, repeats, nFolds })
      const planted = audit ? plantForAudit(labels, 1, null, seed) : null
      const plantedPlan =
        planted === null ? null : scanPlan(planted.data, { seed, repeats, nFolds })

      const steps = labelScanSteps(plan)
      const scans = planted === null ? 1 : 2
      const total = scans * (steps.length + lastUnitSteps)
      const pace = createPace('folds', now, watch.onProgress)
      let done = 0
      const advance = (by: number): void => {
        done += by
        pace.reach(
          done / total,
          `${Math.min(done, scans * steps.length)} of ${scans * steps.length} models fitted`,
        )
      }
      pace.reach(0, `0 of ${scans * steps.length} models fitted`)
      const partsOf = (of: LabelScanPlan, given: Uint8Array | null): Promise<LabelScanPart[]> =>
        Promise.all(
          labelScanSteps(of).map(async (step) => {
            const { result } = await pool.run({ kind: 'label_step', plan: of, step, given })
            advance(1)
            return result
          }),
        )
      const parts = await partsOf(plan, null)
      const { result } = await pool.run({ kind: 'label_findings', plan, parts })
      advance(lastUnitSteps)
      const audited =
        planted === null || plantedPlan === null
          ? null
          : await auditOf(
              pool,
              plantedPlan,
              planted.flips,
              await partsOf(plantedPlan, planted.flips.given),
            )
      const record: ScanRecord = {
        seed,
        repeats,
        nFolds,
        estimates: result.estimates,
        audit: audited,
      }
      return project.reviews.saveScan(
        { datasetVersionId: versionId, roles, record },
        result.findings,
      )
    },
  )
}

async function auditOf(
  pool: WorkerPool,
  plan: LabelScanPlan,
  flips: ReturnType<typeof plantForAudit>['flips'],
  parts: readonly LabelScanPart[],
): Promise<ScanRecord['audit']> {
  const { result } = await pool.run({ kind: 'label_audit', plan, parts, flips })
  return { planted: flips.planted.length, signals: result }
}
