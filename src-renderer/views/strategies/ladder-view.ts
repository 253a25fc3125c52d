/** The ladder as it stands on the screen: every remedy judged on the data at hand. */
import type { TreatmentFacts } from '#shared/contract/work.ts'
import { defaultPlan } from '#shared/core/plan/default-plan.ts'
import type { CardVerdict } from '#shared/core/plan/cards/method-card.ts'
import {
  baseModels,
  familyTitles,
  offeredBy,
  remedies,
  remedyOf,
} from '#shared/core/plan/ladder.ts'
import type { FamilyId, LadderGround, Remedy } from '#shared/core/plan/ladder.ts'
import { judgeRemedy, obstacleTo } from '#shared/core/plan/judge-remedy.ts'
import { estimateMemory } from '#shared/core/plan/memory-estimate.ts'
import type { Configuration, Plan } from '#shared/core/plan/plan.ts'
import { foldSeconds, magnitudeText } from '#shared/core/plan/time-estimate.ts'
import { bytes, duration, money, moneyInterval } from '../../format/numbers.ts'
import type { MoneySpan } from '../../format/units.ts'
import type { KnownCost } from './earlier-runs.ts'
import { contentKey, isPlain } from './ladder.ts'
import { actionText, effectText, shortModel } from './remedies.ts'
import type { Classes, ModelKind } from './remedies.ts'

/** What the ladder is made of. */
export interface LadderInput {
  readonly chosen: readonly Configuration[]
  /** Null while not known: nothing is judged then. */
  readonly facts: TreatmentFacts | null
  readonly folds: number
  readonly innerFolds: number
  readonly classes: Classes
  /** By content. */
  readonly costs: ReadonlyMap<string, KnownCost>
  readonly span: MoneySpan
  readonly currency: string | null
  /** What a fold of such a configuration took on these data; null where none has been run. */
  readonly knownSeconds: (configuration: Configuration) => number | null
}

/** A model under a remedy. */
export interface RungCell {
  readonly kind: ModelKind
  readonly short: string
  /** What pressing it does, for those who don't see where it stands. */
  readonly action: string
  readonly chosen: boolean
  /** Why it can't be chosen; null when it can. */
  readonly closed: string | null
  /** What it costs, where it has been run; null otherwise. */
  readonly cost: string | null
  /** The same with its interval. */
  readonly said: string | null
  readonly least: boolean
  /** Time and memory beforehand; null while not known. */
  readonly needs: string | null
}

export interface Rung {
  readonly remedy: Remedy
  /** Null while the data aren't known. */
  readonly verdict: CardVerdict | null
  /** What it does to these data; null where that isn't known beforehand. */
  readonly effect: string | null
  readonly cells: readonly RungCell[]
  readonly chosen: boolean
}

export interface LadderFamily {
  readonly id: FamilyId
  readonly title: string
  /** In the order of the ladder. */
  readonly rungs: readonly Rung[]
  /** Stands for the family while it is closed. */
  readonly lead: Rung
}

const families = Object.keys(familyTitles) as readonly FamilyId[]

/** Models that a card has buttons for: the usual ones, and whatever is run untreated. */
export function shownModels(chosen: readonly Configuration[]): readonly ModelKind[] {
  const untreated = new Set(chosen.filter(isPlain).map(({ model }) => model.kind))
  return baseModels.filter((kind, i) => i < 3 || untreated.has(kind))
}

export function ladderFamilies(input: LadderInput): readonly LadderFamily[] {
  const least = Math.min(...[...input.costs.values()].map(({ costPer1000 }) => costPer1000))
  const shown = shownModels(input.chosen)
  return families.map((id) => {
    const rungs = remedies
      .filter(({ family }) => family === id)
      .map((remedy) => rungOf(remedy, shown, least, input))
    return { id, title: familyTitles[id], rungs, lead: leadOf(rungs) }
  })
}

/** The best known of a family stands for it, unless something speaks against it here. */
function leadOf(rungs: readonly Rung[]): Rung {
  const place = ({ verdict }: Rung): number =>
    verdict === null
      ? 0
      : { fits: 0, worth_trying: 0, speaks_against: 1, cannot_run: 2 }[verdict.fit]
  return rungs.reduce((best, one) => (place(one) < place(best) ? one : best))
}

export type LadderFilter = 'all' | 'fits' | 'chosen'

/**
 * The rungs of a family that are to be seen: all of them when it is open or something is searched
 * for, else the one that stands for it and what has been chosen.
 */
export function visibleRungs(
  { rungs, lead, title }: LadderFamily,
  {
    isOpen,
    filter,
    text,
  }: {
    readonly isOpen: boolean
    readonly filter: LadderFilter
    readonly text: string
  },
): readonly Rung[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const passes = ({ verdict, chosen, remedy: { card } }: Rung): boolean => {
    if (filter === 'chosen' && !chosen) return false
    if (filter === 'fits' && verdict?.fit !== 'fits' && verdict?.fit !== 'worth_trying')
      return false
    const said = [title, card.title, card.does, card.when].join(' ').toLowerCase()
    return words.every((word) => said.includes(word))
  }
  const found = rungs.filter(passes)
  return isOpen || words.length > 0 || filter !== 'all'
    ? found
    : found.filter((rung) => rung === lead || rung.chosen)
}

function rungOf(
  remedy: Remedy,
  shown: readonly ModelKind[],
  least: number,
  input: LadderInput,
): Rung {
  const ground: LadderGround = { weightColumns: input.facts?.weightColumns ?? [] }
  const isBase = remedy.models.length > 1
  const kinds = isBase && remedy.family !== 'threshold' ? shown : remedy.models
  const cells = kinds.map((kind) => cellOf(remedy, kind, ground, least, input))
  const sample = kinds.map((kind) => offeredBy(remedy, kind, ground)).find((one) => one !== null)
  return {
    remedy,
    verdict:
      input.facts === null
        ? null
        : judgeRemedy(
            remedy,
            input.facts,
            cells.map(({ closed }) => closed),
          ),
    effect: sample === undefined ? null : effectText(input.classes, sample),
    cells,
    chosen: cells.some(({ chosen }) => chosen),
  }
}

function cellOf(
  remedy: Remedy,
  kind: ModelKind,
  ground: LadderGround,
  least: number,
  input: LadderInput,
): RungCell {
  const here = input.chosen.filter((one) => one.model.kind === kind && remedyOf(one) === remedy)
  const offered = offeredBy(remedy, kind, ground)
  const configuration = here[0] ?? offered
  const isChosen = here.length > 0
  const cost = [...here, ...(offered === null || isChosen ? [] : [offered])]
    .flatMap((one) => input.costs.get(contentKey(one)) ?? [])
    .reduce<KnownCost | null>(
      (best, one) => (best === null || one.costPer1000 < best.costPer1000 ? one : best),
      null,
    )
  const amount = (per1000: number): string => money(per1000 * input.span.factor, input.currency)
  return {
    kind,
    short: shortModel(kind),
    action: actionText(remedy, kind),
    chosen: isChosen,
    // What was chosen before the data spoke against it can be taken out.
    closed: isChosen ? null : closedBecause(remedy, kind, ground, input),
    cost: cost === null ? null : amount(cost.costPer1000),
    said:
      cost === null
        ? null
        : [
            `${amount(cost.costPer1000)} ${input.span.unit}`,
            cost.interval === null
              ? ''
              : moneyInterval(
                  cost.interval.lower * input.span.factor,
                  cost.interval.upper * input.span.factor,
                  input.currency,
                ),
          ]
            .join(' ')
            .trim(),
    least: cost !== null && cost.costPer1000 === least,
    needs: configuration === null ? null : needsOf(configuration, input),
  }
}

/** What the model is comes first; before the data are known, nothing else is said. */
function closedBecause(
  remedy: Remedy,
  kind: ModelKind,
  ground: LadderGround,
  { facts, folds, innerFolds }: LadderInput,
): string | null {
  if (facts !== null) return obstacleTo(remedy, kind, facts, { folds, innerFolds })
  const treated = remedy.treat(kind, ground)
  return typeof treated === 'string' ? treated : null
}

function needsOf(configuration: Configuration, input: LadderInput): string | null {
  const { facts } = input
  if (facts === null) return null
  const plan = planOf(configuration, input)
  const { total } = estimateMemory(plan, facts.memory, 1, 1)
  const known = input.knownSeconds(configuration)
  const time =
    known === null
      ? magnitudeText(foldSeconds(plan, configuration, facts.memory))
      : `about ${duration(known)}`
  return `${time} a fold, ${bytes(total)} of memory`
}

function planOf(
  configuration: Configuration,
  { folds, innerFolds }: Pick<LadderInput, 'folds' | 'innerFolds'>,
): Plan {
  return { ...defaultPlan(), folds, innerFolds, configurations: [configuration] }
}
