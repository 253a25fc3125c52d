/** `steelyard methods`: what can be done about the imbalance of a table, judged on it. */
import { basename } from 'node:path'
import { UserError } from '#shared/contract/errors.ts'
import { canonicalJson, toJson } from '#shared/contract/json.ts'
import { ExperimentRefused, prepareExperiment } from '#shared/core/pipeline/prepare-experiment.ts'
import { treatmentFacts } from '#shared/core/pipeline/treatment-facts.ts'
import type { TreatmentFacts } from '#shared/core/pipeline/treatment-facts.ts'
import type { CardVerdict } from '#shared/core/plan/cards/method-card.ts'
import { defaultPlan } from '#shared/core/plan/default-plan.ts'
import { judgeRemedy, obstacleTo } from '#shared/core/plan/judge-remedy.ts'
import { familyTitles, notBuilt, offeredBy, remedies } from '#shared/core/plan/ladder.ts'
import type { FamilyId, Remedy } from '#shared/core/plan/ladder.ts'
import { foldSeconds, magnitudeText } from '#shared/core/plan/time-estimate.ts'
import { parseCsvFile } from '../../files/csv/parse-csv-file.ts'
import { countText } from '../../files/report/number-text.ts'
import { writeFileWhole } from '../../files/write-file-whole.ts'
import type { Watch } from '../../workbench/workbench.ts'
import type { Arguments } from './options.ts'
import { callersPath, csvOptions, frameOf, rolesOf } from './requests.ts'

const verdictTexts: Readonly<Record<CardVerdict['fit'], string>> = {
  fits: 'fits',
  worth_trying: 'worth trying',
  speaks_against: 'little speaks for it',
  cannot_run: "can't run",
}

/** Reads the table, judges every remedy on it, prints the ladder and writes it with its cards. */
export function judgeMethods(
  given: Arguments,
  _watch: Watch,
  print: (text: string) => void,
): Promise<void> {
  const path = callersPath(given.files[0]!)
  const facts = factsOf(given, path)
  const judged = remedies.map((remedy) => ({ remedy, verdict: verdictOn(remedy, facts) }))
  print(describe(basename(path), facts, judged))
  const json = given.text('json')
  if (json !== null) {
    const methods = judged.map(({ remedy, verdict }) => entryOf(remedy, verdict, facts))
    writeFileWhole(callersPath(json), `${canonicalJson(toJson({ facts: facts.card, methods }))}\n`)
  }
  return Promise.resolve()
}

function factsOf(given: Arguments, path: string): TreatmentFacts {
  const dataset = parseCsvFile(path, csvOptions(given))
  const roles = rolesOf(given)
  try {
    const { data, frameFacts } = prepareExperiment({
      ...{ dataset, fingerprint: '', roles, frame: frameOf(given), planNotes: [], seed: 0 },
      // As few folds as there can be: what is judged is the table.
      plan: { ...defaultPlan(), folds: 2, innerFolds: 2 },
      folds: null,
    })
    return treatmentFacts(
      data.features,
      data,
      frameFacts,
      dataset.columns.flatMap(({ name, kind }) =>
        kind === 'numeric' && name !== roles.target ? [name] : [],
      ),
      0,
    )
  } catch (error) {
    if (error instanceof ExperimentRefused) throw new UserError('bad_input', error.message)
    throw error
  }
}

function verdictOn(remedy: Remedy, facts: TreatmentFacts): CardVerdict {
  return judgeRemedy(
    remedy,
    facts,
    remedy.models.map((kind) => obstacleTo(remedy, kind, facts, defaultPlan())),
  )
}

function describe(
  file: string,
  { card }: TreatmentFacts,
  judged: readonly { readonly remedy: Remedy; readonly verdict: CardVerdict }[],
): string {
  const width = Math.max(...judged.map(({ remedy }) => remedy.card.title.length))
  const families = (Object.keys(familyTitles) as FamilyId[]).map((family, i) => {
    const lines = judged
      .filter(({ remedy }) => remedy.family === family)
      .map(
        ({ remedy, verdict }) =>
          `   ${remedy.card.title.padEnd(width)}  ${verdictTexts[verdict.fit]}, because ${verdict.because}`,
      )
    return [`${i + 1}. ${familyTitles[family]}`, ...lines].join('\n')
  })
  return [
    `${file}: ${countText(card.positives)} positives, ${countText(card.negatives)} negatives.`,
    'Cheapest remedy first; the untreated model is part of every comparison.',
    '',
    ...families,
    '',
    'Not here:',
    ...notBuilt.map(({ method, because }) => `   ${method}: ${because}.`),
  ].join('\n')
}

/** A card with what it came to, and the configurations that a plan would try. */
function entryOf(remedy: Remedy, verdict: CardVerdict, facts: TreatmentFacts): object {
  const { kind, title, does, when, whenNot, needs, risks } = remedy.card
  return {
    ...{ family: remedy.family, kind, title, does, when, whenNot, needs, risks, verdict },
    configurations: remedy.models.flatMap((model) => {
      const configuration = offeredBy(remedy, model, facts)
      return configuration === null
        ? []
        : [
            {
              configuration,
              obstacle: obstacleTo(remedy, model, facts, defaultPlan()),
              timePerFold: magnitudeText(foldSeconds(defaultPlan(), configuration, facts.memory)),
            },
          ]
    }),
  }
}
