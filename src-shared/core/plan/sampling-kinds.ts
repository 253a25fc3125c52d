import { formatNumber } from '../format.ts'
import type { SamplingChoice } from './sampling-choice.ts'

export type SamplerKind = Exclude<SamplingChoice['kind'], 'none'>

interface SamplingKind {
  readonly title: string
  /**
   * What becomes of a training set. `cleans`: samples go for what they are, so nobody knows how
   * many beforehand.
   */
  readonly does: 'grows' | 'shrinks' | 'cleans' | 'grows and cleans'
  /** What it looks at. `codes`: features, with one for each column of categories. */
  readonly reads: 'labels' | 'features' | 'codes'
  /** What it makes: `between`: samples between others, a fraction of a category included. */
  readonly makes: 'nothing' | 'copies' | 'between' | 'whole categories'
}

/** Every sampler of the plan. */
export const samplingKinds: Readonly<Record<SamplerKind, SamplingKind>> = {
  random_over: kind('random over-sampling', 'grows', 'labels', 'copies'),
  random_under: kind('random under-sampling', 'shrinks', 'labels', 'nothing'),
  smote: kind('SMOTE', 'grows', 'features', 'between'),
  smote_nc: kind('SMOTE-NC', 'grows', 'codes', 'whole categories'),
  smote_n: kind('SMOTEN', 'grows', 'codes', 'whole categories'),
  borderline_smote: kind('Borderline-SMOTE', 'grows', 'features', 'between'),
  svm_smote: kind('SVM-SMOTE', 'grows', 'features', 'between'),
  kmeans_smote: kind('K-means SMOTE', 'grows', 'features', 'between'),
  adasyn: kind('ADASYN', 'grows', 'features', 'between'),
  near_miss: kind('NearMiss', 'shrinks', 'features', 'nothing'),
  cluster_centroids: kind('cluster centroids', 'shrinks', 'features', 'between'),
  instance_hardness: kind('instance hardness threshold', 'shrinks', 'features', 'nothing'),
  tomek_links: kind('Tomek links', 'cleans', 'features', 'nothing'),
  edited_nearest_neighbors: kind('edited nearest neighbours', 'cleans', 'features', 'nothing'),
  repeated_edited_nearest_neighbors: kind(
    'repeated edited nearest neighbours',
    'cleans',
    'features',
    'nothing',
  ),
  all_k_nearest_neighbors: kind('all k-NN', 'cleans', 'features', 'nothing'),
  condensed_nearest_neighbors: kind('condensed nearest neighbour', 'cleans', 'features', 'nothing'),
  one_sided_selection: kind('one-sided selection', 'cleans', 'features', 'nothing'),
  neighborhood_cleaning: kind('neighbourhood cleaning', 'cleans', 'features', 'nothing'),
  smote_enn: kind('SMOTE and edited neighbours', 'grows and cleans', 'features', 'between'),
  smote_tomek: kind('SMOTE and Tomek links', 'grows and cleans', 'features', 'between'),
}

function kind(
  title: string,
  does: SamplingKind['does'],
  reads: SamplingKind['reads'],
  makes: SamplingKind['makes'],
): SamplingKind {
  return { title, does, reads, makes }
}

/** Hyperparameters of a sampler by its kind, as plans use them that don't say otherwise. */
export const defaultSamplings = {
  random_over: { kind: 'random_over', targetImbalanceRatio: 3 },
  random_under: { kind: 'random_under', targetImbalanceRatio: 3 },
  smote: { kind: 'smote', targetImbalanceRatio: 3, neighbors: 5 },
  smote_nc: { kind: 'smote_nc', targetImbalanceRatio: 3, neighbors: 5 },
  smote_n: { kind: 'smote_n', targetImbalanceRatio: 3, neighbors: 5 },
  borderline_smote: {
    kind: 'borderline_smote',
    targetImbalanceRatio: 3,
    variant: 1,
    neighbors: 5,
    outerNeighbors: 10,
  },
  svm_smote: {
    kind: 'svm_smote',
    targetImbalanceRatio: 3,
    neighbors: 5,
    outerNeighbors: 10,
    step: 0.5,
  },
  kmeans_smote: {
    kind: 'kmeans_smote',
    targetImbalanceRatio: 3,
    neighbors: 2,
    clusters: 8,
    leastMinorityShare: 0.1,
  },
  adasyn: { kind: 'adasyn', targetImbalanceRatio: 3, neighbors: 5 },
  near_miss: { kind: 'near_miss', targetImbalanceRatio: 3, version: 1, neighbors: 3 },
  cluster_centroids: { kind: 'cluster_centroids', targetImbalanceRatio: 3, voting: 'soft' },
  instance_hardness: { kind: 'instance_hardness', targetImbalanceRatio: 3, folds: 5 },
  tomek_links: { kind: 'tomek_links', removes: 'majority' },
  edited_nearest_neighbors: {
    kind: 'edited_nearest_neighbors',
    neighbors: 3,
    vote: 'all',
    removes: 'majority',
  },
  repeated_edited_nearest_neighbors: {
    kind: 'repeated_edited_nearest_neighbors',
    neighbors: 3,
    vote: 'all',
    removes: 'majority',
  },
  all_k_nearest_neighbors: {
    kind: 'all_k_nearest_neighbors',
    neighbors: 3,
    vote: 'all',
    removes: 'majority',
    allowMinority: false,
  },
  condensed_nearest_neighbors: { kind: 'condensed_nearest_neighbors', passes: 1 },
  one_sided_selection: { kind: 'one_sided_selection' },
  neighborhood_cleaning: { kind: 'neighborhood_cleaning', neighbors: 3, vote: 'all' },
  smote_enn: { kind: 'smote_enn', targetImbalanceRatio: 3, neighbors: 5 },
  smote_tomek: { kind: 'smote_tomek', targetImbalanceRatio: 3, neighbors: 5 },
} as const satisfies { readonly [Kind in SamplerKind]: SamplingChoice & { readonly kind: Kind } }

/** Fewest samples of the rarer class with which a sampler works. */
export function leastMinority(choice: SamplingChoice): number {
  if (choice.kind === 'near_miss') return choice.neighbors
  if (choice.kind === 'instance_hardness') return choice.folds
  const drawsBetween = choice.kind !== 'none' && samplingKinds[choice.kind].does.startsWith('grows')
  return drawsBetween && 'neighbors' in choice ? choice.neighbors + 1 : 1
}

/** Fewest samples in all with which a sampler works, where it looks for that many neighbours. */
export function leastSamples(choice: SamplingChoice): number {
  if ('outerNeighbors' in choice) return choice.outerNeighbors + 1
  const cleans = choice.kind !== 'none' && samplingKinds[choice.kind].does === 'cleans'
  return (cleans || choice.kind === 'adasyn') && 'neighbors' in choice ? choice.neighbors + 1 : 2
}

/** `SMOTE to 1 : 3`, `Tomek links`, `under-sampled to 1 : 3` */
export function samplingText(choice: SamplingChoice & { readonly kind: SamplerKind }): string {
  const { title } = samplingKinds[choice.kind]
  if (!('targetImbalanceRatio' in choice)) return title
  const name =
    choice.kind === 'random_under'
      ? 'under-sampled'
      : choice.kind === 'random_over'
        ? 'over-sampled'
        : title
  const { targetCounts, targetImbalanceRatio } = choice
  if (targetCounts === undefined) {
    return `${name} to 1\u00a0:\u00a0${formatNumber(targetImbalanceRatio)}`
  }
  const counts = Object.entries(targetCounts).map(([label, count]) => `${count} ${label}`)
  return `${name} to ${counts.join(' and ')}`
}
