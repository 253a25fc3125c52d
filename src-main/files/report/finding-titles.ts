import type { Finding } from '#shared/core/diagnosis/verdict.ts'

/** What was looked at, as it is called wherever a verdict is shown. */
export const findingTitles: Readonly<Record<Finding['kind'], string>> = {
  leak: 'Leaks',
  too_few_positives: 'Number of positives',
  drift: 'Drift between periods',
  labels: 'Labels',
  imbalance: 'Treatments',
  overlap: 'Overlap',
  threshold: 'Threshold',
  metric: 'Accuracy',
}
