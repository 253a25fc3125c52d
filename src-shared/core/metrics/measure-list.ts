import { DECISION_METRICS, type DecisionMetricName } from './decision-metrics.ts'

/** What a measure judges: money, decisions at the tuned threshold, the order of cases, probabilities. */
export type MeasureGroup = 'money' | 'decisions' | 'top' | 'ranking' | 'probabilities'

export interface MeasureFacts {
  readonly title: string
  readonly group: MeasureGroup
  /** Which values are better; null where that is for nobody to say but the frame. */
  readonly better: 'more' | 'less' | 'near_one' | 'near_zero' | null
  /** How it is written: a share of cases, an amount per 1,000 cases, a factor, or a bare number. */
  readonly unit: 'share' | 'amount' | 'times' | 'number'
  /** In a sentence, for people who have not met it. */
  readonly meaning: string
}

type OtherMeasure =
  | 'costPer1000'
  | 'savings'
  | 'netBenefit'
  | 'alertShare'
  | 'precisionAtTop'
  | 'recallAtTop'
  | 'liftAtTop'
  | 'averagePrecision'
  | 'rocAuc'
  | 'prGainArea'
  | 'recallAtPrecision50'
  | 'recallAtPrecision90'
  | 'precisionAtRecall50'
  | 'precisionAtRecall90'
  | 'brier'
  | 'brierSkill'
  | 'reliability'
  | 'resolution'
  | 'uncertainty'
  | 'logLoss'
  | 'eceEqualCount10'
  | 'eceQuantile10'
  | 'eceWidth10'
  | 'largestCalibrationGap10'
  | 'observedToExpected'
  | 'calibrationIntercept'
  | 'calibrationSlope'

export type MeasureName = DecisionMetricName | OtherMeasure

const MEANINGS: Readonly<Record<DecisionMetricName, string>> = {
  precision: 'Share of the alerts that are positives.',
  recall: 'Share of the positives that get an alert.',
  specificity: 'Share of the negatives that are left alone.',
  negativePredictiveValue: 'Share of negatives among the cases that are left alone.',
  f1: 'Harmonic mean of precision and recall, each counting the same.',
  f2: 'Harmonic mean of precision and recall, recall counting four times.',
  fHalf: 'Harmonic mean of precision and recall, precision counting four times.',
  gMean: 'Geometric mean of recall and specificity.',
  balancedAccuracy: 'Mean of recall and specificity; one half for decisions by chance.',
  youdenJ: 'Recall + specificity − 1; 0 for decisions by chance.',
  indexOfBalancedAccuracy:
    'Recall × specificity, a little more where recall is the greater of them.',
  matthewsCorrelation: 'Correlation of truth and decision, from −1 to 1.',
  cohenKappa: 'Agreement of truth and decision beyond chance; at most 1.',
  accuracy: 'Share of right decisions; says little where one class is rare.',
}

const OTHERS: Readonly<Record<OtherMeasure, MeasureFacts>> = {
  costPer1000: {
    title: 'Cost per 1,000 cases',
    group: 'money',
    better: 'less',
    unit: 'amount',
    meaning: 'What the decisions cost by the frame.',
  },
  savings: {
    title: 'Savings',
    group: 'money',
    better: 'more',
    unit: 'share',
    meaning:
      'Share of the cost saved against the cheaper of an alert on every case and none; below 0 the model loses money.',
  },
  netBenefit: {
    title: 'Net benefit',
    group: 'money',
    better: 'more',
    unit: 'number',
    meaning:
      'True positives per case less false alarms, each at the odds of the threshold that the costs imply.',
  },
  alertShare: {
    title: 'Alerts',
    group: 'decisions',
    better: null,
    unit: 'share',
    meaning: 'Share of the cases that get an alert.',
  },
  precisionAtTop: {
    title: 'Precision in the top',
    group: 'top',
    better: 'more',
    unit: 'share',
    meaning: 'Share of positives among so many of the cases with the highest scores.',
  },
  recallAtTop: {
    title: 'Recall in the top',
    group: 'top',
    better: 'more',
    unit: 'share',
    meaning: 'Share of the positives that are among so many of the cases with the highest scores.',
  },
  liftAtTop: {
    title: 'Lift in the top',
    group: 'top',
    better: 'more',
    unit: 'times',
    meaning: 'How many times more positives are there than among cases picked at random.',
  },
  averagePrecision: {
    title: 'Average precision',
    group: 'ranking',
    better: 'more',
    unit: 'number',
    meaning: 'Area under precision and recall; the prevalence for scores without information.',
  },
  rocAuc: {
    title: 'ROC AUC',
    group: 'ranking',
    better: 'more',
    unit: 'number',
    meaning: 'Chance that a positive scores above a negative; one half without information.',
  },
  prGainArea: {
    title: 'Area under precision-recall-gain',
    group: 'ranking',
    better: 'more',
    unit: 'number',
    meaning:
      'Like average precision on a scale that has 0 at no information, whatever the prevalence.',
  },
  recallAtPrecision50: {
    title: 'Recall at precision 50 %',
    group: 'ranking',
    better: 'more',
    unit: 'share',
    meaning: 'Largest recall with that precision at some threshold; optimistic, for it picks one.',
  },
  recallAtPrecision90: {
    title: 'Recall at precision 90 %',
    group: 'ranking',
    better: 'more',
    unit: 'share',
    meaning: 'Largest recall with that precision at some threshold; optimistic, for it picks one.',
  },
  precisionAtRecall50: {
    title: 'Precision at recall 50 %',
    group: 'ranking',
    better: 'more',
    unit: 'share',
    meaning: 'Largest precision with that recall at some threshold; optimistic, for it picks one.',
  },
  precisionAtRecall90: {
    title: 'Precision at recall 90 %',
    group: 'ranking',
    better: 'more',
    unit: 'share',
    meaning: 'Largest precision with that recall at some threshold; optimistic, for it picks one.',
  },
  brier: {
    title: 'Brier score',
    group: 'probabilities',
    better: 'less',
    unit: 'number',
    meaning: 'Mean squared error of the probabilities.',
  },
  brierSkill: {
    title: 'Brier skill',
    group: 'probabilities',
    better: 'more',
    unit: 'number',
    meaning: 'Share of the Brier score of always giving the prevalence that is saved; at most 1.',
  },
  reliability: {
    title: 'Reliability (of Brier)',
    group: 'probabilities',
    better: 'less',
    unit: 'number',
    meaning: 'Part of the Brier score that is lost by miscalibration, over ten bins.',
  },
  resolution: {
    title: 'Resolution (of Brier)',
    group: 'probabilities',
    better: 'more',
    unit: 'number',
    meaning: 'Part of the Brier score that is won by telling cases apart, over ten bins.',
  },
  uncertainty: {
    title: 'Uncertainty (of Brier)',
    group: 'probabilities',
    better: null,
    unit: 'number',
    meaning: 'Prevalence × (1 − prevalence): what no model can help.',
  },
  logLoss: {
    title: 'Log loss',
    group: 'probabilities',
    better: 'less',
    unit: 'number',
    meaning: 'Mean of −ln of the probability that the truth was given, in nats.',
  },
  eceEqualCount10: {
    title: 'Calibration error, bins of equal count',
    group: 'probabilities',
    better: 'less',
    unit: 'number',
    meaning: 'Mean gap between promised and observed over ten bins with as many cases each.',
  },
  eceQuantile10: {
    title: 'Calibration error, bins between quantiles',
    group: 'probabilities',
    better: 'less',
    unit: 'number',
    meaning: 'The same over bins cut at the deciles, equal probabilities together.',
  },
  eceWidth10: {
    title: 'Calibration error, bins of equal width',
    group: 'probabilities',
    better: 'less',
    unit: 'number',
    meaning: 'The same over tenths of the scale from 0 to 1.',
  },
  largestCalibrationGap10: {
    title: 'Largest calibration gap',
    group: 'probabilities',
    better: 'less',
    unit: 'number',
    meaning: 'Largest gap between promised and observed over ten bins with as many cases each.',
  },
  observedToExpected: {
    title: 'Observed ÷ expected positives',
    group: 'probabilities',
    better: 'near_one',
    unit: 'number',
    meaning: 'Above 1 the probabilities are too low, below 1 too high.',
  },
  calibrationIntercept: {
    title: 'Calibration intercept',
    group: 'probabilities',
    better: 'near_zero',
    unit: 'number',
    meaning: 'Of a logistic recalibration, fitted with the slope; 0 is right.',
  },
  calibrationSlope: {
    title: 'Calibration slope',
    group: 'probabilities',
    better: 'near_one',
    unit: 'number',
    meaning: 'Below 1 the probabilities are too near to 0 and 1, above 1 too cautious.',
  },
}

const SIGNED: ReadonlySet<DecisionMetricName> = new Set([
  'youdenJ',
  'matthewsCorrelation',
  'cohenKappa',
  'f1',
  'f2',
  'fHalf',
  'gMean',
  'indexOfBalancedAccuracy',
])

/** What there is to know of every measure that is told of a run, in the order it is told in. */
export const MEASURES: Readonly<Record<MeasureName, MeasureFacts>> = {
  ...OTHERS,
  ...(Object.fromEntries(
    Object.entries(DECISION_METRICS).map(([name, { title }]) => [
      name,
      {
        title,
        group: 'decisions',
        better: 'more',
        unit: SIGNED.has(name as DecisionMetricName) ? 'number' : 'share',
        meaning: MEANINGS[name as DecisionMetricName],
      } satisfies MeasureFacts,
    ]),
  ) as Record<DecisionMetricName, MeasureFacts>),
}

/** The groups in order, and what they are called. */
export const MEASURE_GROUPS: readonly { readonly group: MeasureGroup; readonly title: string }[] = [
  { group: 'money', title: 'Money' },
  { group: 'decisions', title: 'Decisions at the tuned thresholds' },
  { group: 'top', title: 'The highest scores' },
  { group: 'ranking', title: 'Order of the cases' },
  { group: 'probabilities', title: 'Probabilities' },
]
