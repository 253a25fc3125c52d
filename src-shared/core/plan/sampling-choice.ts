/** The samplers that a plan may ask for, with their hyperparameters. */
export type SamplingChoice =
  | { readonly kind: 'none' }
  | RandomSamplingChoice
  | SmoteChoice
  | BorderlineSmoteChoice
  | SvmSmoteChoice
  | KMeansSmoteChoice
  | NearMissChoice
  | ClusterCentroidsChoice
  | InstanceHardnessChoice
  | CleaningChoice
  | SmoteAndCleaningChoice

/** To how many samples of each class a sampler grows or shrinks a training set. */
export interface SamplingTarget {
  /** Samples of the commoner class per sample of the rarer one, from 1; 1 is balance. */
  readonly targetImbalanceRatio: number
  /**
   * Samples of a training set by class, instead of the ratio; a class left out stays as it is. A
   * count that a sampler would have to go the wrong way for changes nothing.
   */
  readonly targetCounts?: { readonly negatives?: number; readonly positives?: number }
}

export interface RandomSamplingChoice extends SamplingTarget {
  readonly kind: 'random_over' | 'random_under'
}

/** `smote_nc` takes columns of numbers and of categories, `smote_n` of categories alone. */
export interface SmoteChoice extends SamplingTarget {
  readonly kind: 'smote' | 'smote_nc' | 'smote_n' | 'adasyn'
  readonly neighbors: number
}

export interface BorderlineSmoteChoice extends SamplingTarget {
  readonly kind: 'borderline_smote'
  /** 2 makes half of the samples nearer to their parent. */
  readonly variant: 1 | 2
  readonly neighbors: number
  /** Nearest samples of both classes that say whether a sample is at the border. */
  readonly outerNeighbors: number
}

export interface SvmSmoteChoice extends SamplingTarget {
  readonly kind: 'svm_smote'
  readonly neighbors: number
  readonly outerNeighbors: number
  /** How far outward samples may lie, in distances to the neighbour, in [0, 1]. */
  readonly step: number
}

export interface KMeansSmoteChoice extends SamplingTarget {
  readonly kind: 'kmeans_smote'
  readonly neighbors: number
  readonly clusters: number
  /** Least share of the rarer class in a cluster that samples are made in, in [0, 1]. */
  readonly leastMinorityShare: number
}

export interface NearMissChoice extends SamplingTarget {
  readonly kind: 'near_miss'
  readonly version: 1 | 2 | 3
  readonly neighbors: number
}

export interface ClusterCentroidsChoice extends SamplingTarget {
  readonly kind: 'cluster_centroids'
  /** `soft`: centroids take the place of the majority; `hard`: the samples nearest to them. */
  readonly voting: 'soft' | 'hard'
}

export interface InstanceHardnessChoice extends SamplingTarget {
  readonly kind: 'instance_hardness'
  /** Folds of the model that says how hard a sample is. */
  readonly folds: number
}

/** Whose samples a cleaning method may take out. */
export type CleanedClasses = 'majority' | 'minority' | 'both'

/** `all`: every neighbour has to agree with a sample; `mode`: most of them. */
export type NeighborVote = 'all' | 'mode'

export type CleaningChoice =
  | { readonly kind: 'tomek_links'; readonly removes: CleanedClasses }
  | {
      readonly kind: 'edited_nearest_neighbors' | 'repeated_edited_nearest_neighbors'
      readonly neighbors: number
      readonly vote: NeighborVote
      readonly removes: CleanedClasses
    }
  | {
      readonly kind: 'all_k_nearest_neighbors'
      readonly neighbors: number
      readonly vote: NeighborVote
      readonly removes: CleanedClasses
      /** Goes on where the majority has become the smaller class. */
      readonly allowMinority: boolean
    }
  | {
      readonly kind: 'neighborhood_cleaning'
      readonly neighbors: number
      readonly vote: NeighborVote
    }
  | {
      readonly kind: 'condensed_nearest_neighbors'
      /** Passes over the majority, at most. */
      readonly passes: number
    }
  | { readonly kind: 'one_sided_selection' }

export interface SmoteAndCleaningChoice extends SamplingTarget {
  readonly kind: 'smote_enn' | 'smote_tomek'
  readonly neighbors: number
}
