/** What a person should know of each sampler before choosing it, and whether it fits their data. */
import { samplerName } from '../configuration-text.ts'
import { defaultSamplings, leastMinority, leastSamples, samplingKinds } from '../sampling-kinds.ts'
import type { SamplerKind } from '../sampling-kinds.ts'
import type { SamplingChoice } from '../sampling-choice.ts'
import { cannotRun, fits, imbalanceRatio, rarer, speaksAgainst, whole } from './method-card.ts'
import type { CardFacts, CardVerdict, MethodCard } from './method-card.ts'

type Choice = SamplingChoice & { readonly kind: SamplerKind }

const probabilities = 'Probabilities come out too high for the rarer class and need correction.'
const invents = 'It makes samples where none were seen, perhaps amid the commoner class.'
const twice = 'Neighbours are searched for among all samples: the time grows with their square.'

/** Every sampler's card. */
export const samplingCards: { readonly [K in SamplerKind]: MethodCard<K, Choice> } = {
  random_over: card(
    'random_over',
    'Copies cases of the rarer class',
    'A model takes no weights, and the data are few.',
    'The model takes weights: the same effect without a larger table.',
    'Nothing.',
    `Flexible models learn copies by heart. ${probabilities}`,
  ),
  random_under: card(
    'random_under',
    'Draws fewer cases of the commoner class',
    'The commoner class is so large that most of it teaches nothing new, or time is short.',
    'There are few samples of the commoner class beside the rarer one, or it is varied.',
    'A few hundred samples of the rarer class.',
    `What is thrown away may matter. ${probabilities}`,
  ),
  smote: card(
    'smote',
    'Makes cases between neighbours of the rarer class',
    'Numbers alone, the rarer class in a few dense groups, a model that is not flexible enough.',
    'Many columns of categories, or boosted trees, which rarely gain from it.',
    'More samples of the rarer class than neighbours; numbers on comparable scales.',
    `${invents} Whole numbers and categories become fractions. ${probabilities}`,
  ),
  smote_nc: card(
    'smote_nc',
    'SMOTE for numbers and categories together',
    'Where SMOTE would fit and some columns hold categories.',
    'Most columns hold categories: distances then say little.',
    'A column of numbers and one of categories; more samples of the rarer class than neighbours.',
    `${invents} Categories that never occur together can. ${probabilities}`,
  ),
  smote_n: card(
    'smote_n',
    'SMOTE for categories alone',
    'All columns hold categories.',
    'A column holds numbers.',
    'Columns of categories alone; more samples of the rarer class than neighbours.',
    `Samples come out alike, since neighbours vote. ${probabilities}`,
  ),
  borderline_smote: card(
    'borderline_smote',
    'SMOTE at the border between the classes only',
    'The classes overlap along a border and the inside of the rarer class is easy.',
    'Labels are doubtful: the border is where wrong labels are.',
    'Samples of the rarer class at the border, more of it than neighbours.',
    `${invents} Wrong labels multiply. ${probabilities}`,
  ),
  svm_smote: card(
    'svm_smote',
    'SMOTE along the border that a support vector machine finds',
    'A few thousand samples at most and a curved border.',
    'Large tables: the border is then looked for in a part of them only.',
    'More samples of the rarer class than neighbours; numbers on comparable scales.',
    `It also makes samples beyond the known ones. ${probabilities}`,
  ),
  kmeans_smote: card(
    'kmeans_smote',
    'SMOTE inside clusters of the rarer class',
    'The rarer class lies in several groups apart from each other.',
    'It is thin everywhere: then no cluster has enough of it and nothing is made.',
    'Clusters with at least the given share of the rarer class.',
    `Which clusters are found depends on the draw. ${probabilities}`,
  ),
  adasyn: card(
    'adasyn',
    'SMOTE, most where the rarer class is hardest to learn',
    'Hard samples of the rarer class are too few for the model to notice.',
    'Labels are doubtful, or there are outliers: these are the hardest samples.',
    'Samples of the rarer class with neighbours of the other; more of it than neighbours.',
    `${invents} Most samples are made around outliers. ${probabilities}`,
  ),
  near_miss: card(
    'near_miss',
    'Keeps the cases of the commoner class next to the rarer one',
    'To see how a model does on the border alone.',
    'As a treatment: it is often worse than drawing at random.',
    'At least as many samples of the rarer class as neighbours.',
    'What is kept looks like nothing in use, so probabilities mean nothing before recalibration.',
  ),
  cluster_centroids: card(
    'cluster_centroids',
    'Puts centres of clusters in place of the commoner class',
    'The commoner class is large and lies in clear groups.',
    'Columns of categories: the mean of categories is none.',
    'Time: as many clusters as samples are kept.',
    'Means are smoother than samples, so the classes look easier to tell apart than they are.',
  ),
  instance_hardness: card(
    'instance_hardness',
    'Takes out the cases of the commoner class that a model finds hard',
    'Wrong labels in the commoner class are likely.',
    'Hard samples are what the decision is about: they are taken out.',
    'At least as many samples of each class as folds.',
    'What is kept looks easy, so probabilities are too sure before recalibration.',
  ),
  tomek_links: card(
    'tomek_links',
    'Takes out cases whose nearest neighbour is of the other class',
    'A little cleaning at the border, mostly together with something else.',
    'A large imbalance to be changed: it takes out few samples.',
    'Nothing.',
    'The sample taken out may have been right.',
  ),
  edited_nearest_neighbors: card(
    'edited_nearest_neighbors',
    'Takes out cases that their neighbours disagree with',
    'The commoner class reaches into the rarer one, and recall matters most.',
    'Precision matters most: what would have warned the model is taken out.',
    'A few samples more than neighbours.',
    `Overlap is hidden, so probabilities near the border come out too high. ${twice}`,
  ),
  repeated_edited_nearest_neighbors: card(
    'repeated_edited_nearest_neighbors',
    'Edits again until nothing changes',
    'Editing once leaves much overlap.',
    'Precision matters most.',
    'A few samples more than neighbours.',
    `It can take out much of the commoner class around the rarer one. ${twice}`,
  ),
  all_k_nearest_neighbors: card(
    'all_k_nearest_neighbors',
    'Edits with one neighbour, then two, and so on',
    'Overlap differs from place to place.',
    'Precision matters most.',
    'A few samples more than neighbours.',
    `It takes out more than editing once. ${twice}`,
  ),
  condensed_nearest_neighbors: card(
    'condensed_nearest_neighbors',
    'Keeps only what a nearest-neighbour rule needs',
    'A nearest-neighbour model has to become small.',
    'Labels are doubtful: wrong ones are all kept.',
    'Time, where the classes overlap.',
    'It keeps noise and lets typical samples go; the result depends on the draw.',
  ),
  one_sided_selection: card(
    'one_sided_selection',
    'Condenses the commoner class, then takes out Tomek links',
    'The inside of the commoner class is uniform and large.',
    'The commoner class is varied: one sample of it stands for all at first.',
    'Nothing.',
    'How much goes depends on the sample drawn first.',
  ),
  neighborhood_cleaning: card(
    'neighborhood_cleaning',
    'Cleans the commoner class around the rarer one',
    'Recall of a rare class matters, and the commoner one surrounds it.',
    'Precision matters most.',
    'A few samples more than neighbours.',
    `Overlap is hidden, so probabilities near the border come out too high. ${twice}`,
  ),
  smote_enn: card(
    'smote_enn',
    'SMOTE, then edits what came to lie amid the other class',
    'SMOTE fits, but made samples overlap with the commoner class.',
    'The rarer class is thin: editing takes its real samples out too.',
    'More samples of the rarer class than neighbours.',
    `How many samples are left can't be known beforehand. ${twice}`,
  ),
  smote_tomek: card(
    'smote_tomek',
    'SMOTE, then takes out Tomek links',
    'SMOTE fits, and the border should be a little cleaner.',
    'Where SMOTE does not fit.',
    'More samples of the rarer class than neighbours.',
    `${invents} ${probabilities}`,
  ),
}

function card<Kind extends SamplerKind>(
  kind: Kind,
  does: string,
  when: string,
  whenNot: string,
  needs: string,
  risks: string,
): MethodCard<Kind, Choice> {
  const judge = (facts: CardFacts, choice: Choice = defaultSamplings[kind]): CardVerdict =>
    judgeSampling(choice, facts)
  return { kind, title: samplerName(kind), does, when, whenNot, needs, risks, judge }
}

/** Below so many samples of the rarer class, under-sampling leaves next to nothing. */
const fewMinority = 200
/** Above so many samples, methods whose time grows with the square take minutes. */
const manySamples = 300_000
/** Below so many commoner samples per rarer one, there is little to change. */
const mildRatio = 3

function judgeSampling(choice: Choice, facts: CardFacts): CardVerdict {
  const obstacles = obstaclesTo(choice, facts)
  if (obstacles.length > 0) return cannotRun(obstacles.join(', and '))
  const doubts = doubtsAbout(choice, facts)
  return doubts.length > 0 ? speaksAgainst(doubts.join(', and ')) : fits(reasonFor(choice, facts))
}

function obstaclesTo(choice: Choice, facts: CardFacts): string[] {
  const { positives, negatives, numericColumns } = facts
  const least = leastMinority(choice)
  const leastInAll = leastSamples(choice)
  return [
    ...(rarer(facts) < least
      ? [`it needs ${whole(least)} samples of the rarer class and there are ${whole(rarer(facts))}`]
      : []),
    ...(positives + negatives < leastInAll
      ? [`it needs ${whole(leastInAll)} samples and there are ${whole(positives + negatives)}`]
      : []),
    ...(choice.kind === 'smote_n' && numericColumns > 0
      ? [`it takes categories alone, and ${countOf(numericColumns, 'column')} of numbers are there`]
      : []),
    ...(choice.kind === 'smote_nc' && numericColumns === 0 ? ['no column holds numbers'] : []),
  ]
}

function doubtsAbout({ kind }: Choice, facts: CardFacts): string[] {
  const { positives, negatives, categoricalColumns, commitments } = facts
  const { does, reads, makes } = samplingKinds[kind]
  const samples = positives + negatives
  const looksAtAll = does.includes('cleans') && kind !== 'tomek_links' && kind !== 'smote_tomek'
  return [
    ...(does !== 'cleans' && imbalanceRatio(facts) < mildRatio
      ? [`the classes are at ${imbalanceRatio(facts).toFixed(1)} : 1, which is mild`]
      : []),
    ...(does === 'shrinks' && rarer(facts) < fewMinority
      ? [
          `with ${whole(rarer(facts))} samples of the rarer class little would be left to learn from`,
        ]
      : []),
    ...(makes === 'between' && categoricalColumns > 0
      ? [`${countOf(categoricalColumns, 'column')} of categories would get fractions of them`]
      : []),
    ...(kind === 'near_miss'
      ? ['what it keeps looks like nothing in use, and a random draw is often better']
      : []),
    ...(kind === 'condensed_nearest_neighbors'
      ? ['it is made for nearest-neighbour models, and none is tried here']
      : []),
    ...(kind === 'smote_nc' && categoricalColumns === 0 ? ['no column holds categories'] : []),
    ...(reads === 'features' && looksAtAll && samples > manySamples
      ? [`${whole(samples)} samples are compared with each other, which takes minutes`]
      : []),
    ...(does === 'cleans' && commitments.some(({ measure }) => measure === 'precision')
      ? ['the promise is precision, and cleaning takes out what keeps alerts in check']
      : []),
  ]
}

function reasonFor({ kind }: Choice, facts: CardFacts): string {
  const ratio = whole(imbalanceRatio(facts))
  const { does } = samplingKinds[kind]
  if (does === 'shrinks') {
    return `at ${ratio} : 1 most of the commoner class can go, and ${whole(rarer(facts))} samples of the rarer one stay`
  }
  if (does === 'cleans') return 'it changes only what lies at the border'
  return `${whole(rarer(facts))} samples of the rarer class are enough to make others from, at ${ratio} : 1`
}

function countOf(n: number, noun: string): string {
  return `${whole(n)} ${noun}${n === 1 ? '' : 's'}`
}
