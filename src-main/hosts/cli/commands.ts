/** The commands of the terminal: each a name, what it takes, and what it does with a workbench. */
import { mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { UserError } from '#shared/contract/errors.ts'
import { canonicalJson, toJson } from '#shared/contract/json.ts'
import { defaultPlan } from '#shared/core/plan/default-plan.ts'
import { readFoldFile } from '../../files/csv/read-fold-file.ts'
import { writeCsv } from '../../files/write-csv.ts'
import { reportTables } from '../../files/report/report-tables.ts'
import { writeCardSample } from '../../files/sample/write-card-sample.ts'
import { writeFileWhole } from '../../files/write-file-whole.ts'
import type { ImportedDataset } from '../../workbench/import-csv.ts'
import type { Outcome, Watch } from '../../workbench/workbench.ts'
import { scanLabels } from './labels-command.ts'
import { judgeMethods } from './methods-command.ts'
import type { Arguments, OptionName } from './options.ts'
import {
  acknowledgementsOf,
  callersPath,
  csvOptionNames,
  csvOptions,
  frameOf,
  frameOptionNames,
  planOf,
  roleOptionNames,
  rolesOf,
  validationOptionNames,
} from './requests.ts'
import {
  correctProject,
  makeQueueOfProject,
  packQueue,
  showVerdicts,
  takePackIn,
} from './review-commands.ts'
import { withSession, workersOf } from './session.ts'
import type { Session } from './session.ts'
import {
  describeImport,
  describeJobs,
  describeLeakage,
  describeOpening,
  describeOutcome,
} from './texts.ts'

export interface Command {
  /** What it does, in one line. */
  readonly summary: string
  /** Names of the arguments without an option. */
  readonly files: readonly string[]
  readonly options: readonly OptionName[]
  /** Options that must be given, for the usage line. */
  readonly required: readonly OptionName[]
  run(given: Arguments, watch: Watch, print: (text: string) => void): Promise<void>
}

const experimentOptionNames: readonly OptionName[] = [
  ...roleOptionNames,
  ...frameOptionNames,
  'folds',
  ...validationOptionNames,
  'plan',
  'seed',
  'name',
  'ack',
]
const machineOptionNames: readonly OptionName[] = ['workers', 'memory-cap']
const outputOptionNames: readonly OptionName[] = ['report', 'tables', 'json']

export const commands: Readonly<Record<string, Command>> = {
  analyze: {
    summary: 'from a CSV file of past cases to a threshold by cost and a report',
    files: ['FILE'],
    options: [
      ...csvOptionNames,
      ...experimentOptionNames,
      ...machineOptionNames,
      'project',
      ...outputOptionNames,
      'help',
    ],
    required: ['target', 'positive'],
    async run(given, watch, print) {
      await withSession(given, true, async (session) => {
        // Roles, frame and plan are read first: a wrong option should not cost an import.
        const roles = rolesOf(given)
        const order = {
          roles,
          frame: frameOf(given),
          plan: planOf(given),
          acknowledgements: acknowledgementsOf(given),
        }
        const imported = await importFile(given, session, watch)
        print(describeImport(basename(given.files[0]!), imported))
        const experimentId = session.workbench.order({
          ...order,
          datasetVersionId: imported.versionId,
          ...drawsOf(given, imported.summary.nRows),
        })
        const outcome = await session.workbench.run(experimentId, workersOf(given), watch)
        await writeOutcome(given, session, watch, {
          experimentId,
          outcome,
          title: basename(given.files[0]!),
        })
        print(describeOutcome(outcome))
      })
    },
  },
  import: {
    summary: 'read a CSV file into a project',
    files: ['FILE'],
    options: [...csvOptionNames, 'project', 'name', 'help'],
    required: ['project'],
    async run(given, watch, print) {
      requireProject(given)
      await withSession(given, true, async (session) => {
        print(describeImport(basename(given.files[0]!), await importFile(given, session, watch)))
      })
    },
  },
  plan: {
    summary: 'print the default plan as JSON, or check a plan file',
    files: [],
    options: ['default', 'plan', 'help'],
    required: [],
    run(given, _watch, print) {
      if (!given.flag('default') && given.text('plan') === null) {
        throw new UserError('bad_input', 'Say --default, or name a file with --plan.')
      }
      print(JSON.stringify(toJson(given.flag('default') ? defaultPlan() : planOf(given)), null, 2))
      return Promise.resolve()
    },
  },
  run: {
    summary: 'run an experiment on a dataset of a project, or go on with one',
    files: [],
    options: [
      ...experimentOptionNames,
      ...machineOptionNames,
      'project',
      'dataset',
      'experiment',
      ...outputOptionNames,
      'help',
    ],
    required: ['project'],
    async run(given, watch, print) {
      requireProject(given)
      await withSession(given, false, async (session) => {
        const { experimentId, title } =
          given.text('experiment') === null
            ? orderedExperiment(given, session)
            : experimentToGoOnWith(given, session)
        const outcome = await session.workbench.run(experimentId, workersOf(given), watch)
        await writeOutcome(given, session, watch, { experimentId, outcome, title })
        print(describeOutcome(outcome))
      })
    },
  },
  jobs: {
    summary: 'list the runs of a project, and how far each has come',
    files: [],
    options: ['project', 'help'],
    required: ['project'],
    async run(given, _watch, print) {
      requireProject(given)
      await withSession(given, false, ({ workbench }) => {
        print(describeJobs(workbench.jobs()))
        return Promise.resolve()
      })
    },
  },
  compare: {
    summary: 'show the latest comparison of a project',
    files: [],
    options: ['project', 'experiment', 'json', 'help'],
    required: ['project'],
    async run(given, watch, print) {
      await withStoredOutcome(given, async (session, stored) => {
        await writeOutcome(given, session, watch, stored)
        print(describeOutcome(stored.outcome))
      })
    },
  },
  report: {
    summary: 'write the report of the latest comparison of a project',
    files: [],
    options: ['project', 'experiment', ...machineOptionNames, ...outputOptionNames, 'help'],
    required: ['project', 'report'],
    async run(given, watch, print) {
      if (given.text('report') === null && given.text('tables') === null) {
        throw new UserError('bad_input', '--report FILE.html is missing.')
      }
      await withStoredOutcome(given, async (session, stored) => {
        await writeOutcome(given, session, watch, stored)
        print(stored.outcome.results.sentence)
      })
    },
  },
  'final-test': {
    summary: 'open the locked test set of an experiment, once its threshold is settled',
    files: [],
    options: ['project', 'experiment', 'run', 'threshold', 'reason', ...machineOptionNames, 'help'],
    required: ['project', 'reason'],
    async run(given, watch, print) {
      const threshold = given.number('threshold')
      if (threshold !== null && threshold < 0) {
        throw new UserError('bad_input', `--threshold must be at least 0, got ${threshold}.`)
      }
      await withStoredOutcome(given, async ({ workbench }, { experimentId, outcome }) => {
        const opening = await workbench.openFinalTest(
          experimentId,
          {
            configuration: given.text('run'),
            threshold,
            reason: given.text('reason') ?? '',
          },
          workersOf(given),
          watch,
        )
        const count = workbench.openings(experimentId).length
        print(describeOpening(opening, count, outcome.results))
      })
    },
  },
  'leakage-demo': {
    summary: 'show what sampling before splitting would claim on the data of an experiment',
    files: [],
    options: ['project', 'experiment', ...machineOptionNames, 'help'],
    required: ['project'],
    async run(given, watch, print) {
      await withStoredOutcome(given, async ({ workbench }, { experimentId }) => {
        const shown = await workbench.demonstrateLeakage(experimentId, workersOf(given), watch)
        print(describeLeakage(shown))
      })
    },
  },
  labels: {
    summary: 'rank the rows of a CSV file by how doubtful their labels are, and say why',
    files: ['FILE'],
    options: [
      ...csvOptionNames,
      ...roleOptionNames,
      'folds',
      'repeats',
      'audit',
      'seed',
      'json',
      'help',
    ],
    required: ['target'],
    run: scanLabels,
  },
  methods: {
    summary: 'judge every treatment of imbalance on a CSV file, and say why it fits or not',
    files: ['FILE'],
    options: [...csvOptionNames, ...roleOptionNames, ...frameOptionNames, 'json', 'help'],
    required: ['target', 'positive'],
    run: judgeMethods,
  },
  queue: {
    summary: 'scan the labels of a project and make a queue of rows to review',
    files: [],
    options: [
      ...roleOptionNames,
      ...frameOptionNames,
      ...machineOptionNames,
      ...(['project', 'dataset', 'kind', 'size', 'random', 'run', 'experiment'] as const),
      ...(['repeats', 'audit', 'seed', 'name', 'help'] as const),
    ],
    required: ['project'],
    async run(given, watch, print) {
      requireProject(given)
      await withSession(given, false, (session) =>
        makeQueueOfProject(given, session, reviewedDataset(given, session), watch, print),
      )
    },
  },
  verdicts: {
    summary: 'tell how far reviews have come, check their log, and write it as CSV',
    files: [],
    options: ['project', 'dataset', 'out', 'help'],
    required: ['project'],
    async run(given, _watch, print) {
      requireProject(given)
      await withSession(given, false, (session) => {
        showVerdicts(given, session, reviewedDataset(given, session), print)
        return Promise.resolve()
      })
    },
  },
  pack: {
    summary: 'write a queue of a project as a file for another reviewer',
    files: [],
    options: ['project', 'queue', 'with-reviews', 'out', 'help'],
    required: ['project', 'out'],
    async run(given, _watch, print) {
      requireProject(given)
      await withSession(given, false, (session) => {
        packQueue(given, session, print)
        return Promise.resolve()
      })
    },
  },
  merge: {
    summary: "take a reviewer's pack into a project",
    files: ['FILE'],
    options: ['project', 'help'],
    required: ['project'],
    async run(given, _watch, print) {
      requireProject(given)
      await withSession(given, true, (session) => {
        takePackIn(given, session, print)
        return Promise.resolve()
      })
    },
  },
  correct: {
    summary: 'make a version of what reviewers decided, run again on it, and say what changed',
    files: [],
    options: [...roleOptionNames, ...machineOptionNames, 'project', 'dataset', 'help'],
    required: ['project'],
    async run(given, watch, print) {
      requireProject(given)
      await withSession(given, false, (session) =>
        correctProject(given, session, reviewedDataset(given, session), watch, print),
      )
    },
  },
  sample: {
    summary: 'make a file of card transactions to try things on, with the truth beside it',
    files: [],
    options: ['rows', 'seed', 'out', 'help'],
    required: ['out'],
    async run(given, watch, print) {
      const out = given.text('out')
      if (out === null) throw new UserError('bad_input', '--out FILE.csv is missing.')
      const written = await writeCardSample(
        callersPath(out),
        { nRows: given.whole('rows', 1) ?? 20_000, seed: given.whole('seed', 0) ?? 1 },
        () => watch.signal.aborted,
      )
      print(written)
    },
  },
}

function requireProject(given: Arguments): void {
  if (given.text('project') === null) {
    throw new UserError('bad_input', '--project FILE is missing.')
  }
}

function importFile(
  given: Arguments,
  { workbench }: Session,
  watch: Watch,
): Promise<ImportedDataset> {
  const [file] = given.files
  const path = callersPath(file!)
  const name = given.text('name') ?? basename(path).replace(/\.[^.]+$/, '')
  return workbench.importCsv(path, name, csvOptions(given), watch)
}

function drawsOf(
  given: Arguments,
  nRows: number,
): { seed: number; givenFolds: Int32Array | null; name: string | null } {
  const folds = given.text('folds')
  return {
    seed: given.whole('seed', 0) ?? 1,
    givenFolds: folds === null ? null : readFoldFile(callersPath(folds), nRows),
    name: given.text('name'),
  }
}

function chosenDataset(
  given: Arguments,
  { project }: Session,
): { id: number; nRows: number; sourceName: string; fingerprint: string } {
  const all = project.datasets.list()
  const name = given.text('dataset')
  const found = name === null ? all.at(-1) : all.findLast((version) => version.name === name)
  if (found !== undefined) return found
  const names = [...new Set(all.map((version) => version.name))]
  throw new UserError(
    'bad_input',
    names.length === 0
      ? 'The project holds no dataset yet; import one first.'
      : `The project has no dataset "${name!}". It has: ${names.join(', ')}.`,
  )
}

/** The dataset that `--dataset` names, else the version that is worked on in the window. */
function reviewedDataset(given: Arguments, session: Session): ReturnType<typeof chosenDataset> {
  const { datasets, workspace } = session.project
  const selected = given.text('dataset') === null ? workspace.selected() : null
  return (selected === null ? null : datasets.get(selected)) ?? chosenDataset(given, session)
}

/** Sets up what the options say, or finds what was set up by the same ones. */
function orderedExperiment(
  given: Arguments,
  session: Session,
): { experimentId: number; title: string } {
  const dataset = chosenDataset(given, session)
  const experimentId = session.workbench.order({
    roles: rolesOf(given),
    frame: frameOf(given),
    plan: planOf(given),
    acknowledgements: acknowledgementsOf(given),
    datasetVersionId: dataset.id,
    ...drawsOf(given, dataset.nRows),
  })
  return { experimentId, title: dataset.sourceName }
}

/** The experiment that `--experiment` names, as it was set up. */
function experimentToGoOnWith(
  given: Arguments,
  { project }: Session,
): { experimentId: number; title: string } {
  const contradicting = [...experimentOptionNames, 'dataset' as const].find(
    (option) => given.text(option) !== null,
  )
  if (contradicting !== undefined) {
    throw new UserError(
      'bad_input',
      `--experiment goes on with an experiment as it was set up; leave out --${contradicting}.`,
    )
  }
  const name = given.text('experiment')!
  const found = project.experiments.find(name)
  if (found === null) throw noSuchExperiment(name, project.experiments.list())
  const source = project.datasets.get(found.datasetVersionId)?.sourceName ?? 'data'
  return { experimentId: found.id, title: source }
}

function noSuchExperiment(name: string, all: readonly { readonly name: string }[]): UserError {
  const names = all.map((experiment) => experiment.name)
  return new UserError(
    'bad_input',
    names.length === 0
      ? 'The project holds no experiment yet; run one first.'
      : `The project has no experiment "${name}". It has: ${names.join(', ')}.`,
  )
}

interface StoredOutcome {
  readonly experimentId: number
  readonly outcome: Outcome
  /** What the report is called after. */
  readonly title: string
}

async function withStoredOutcome(
  given: Arguments,
  use: (session: Session, stored: StoredOutcome) => Promise<void>,
): Promise<void> {
  requireProject(given)
  await withSession(given, false, async (session) => {
    const { project, workbench } = session
    const all = project.experiments.list()
    const name = given.text('experiment')
    const found = name === null ? all.at(-1) : all.find((experiment) => experiment.name === name)
    const outcome = found === undefined ? null : workbench.outcome(found.id)
    if (found === undefined && name !== null) throw noSuchExperiment(name, all)
    if (found === undefined || outcome === null) {
      throw new UserError(
        'bad_input',
        'The project holds no finished experiment yet; run one first.',
      )
    }
    const title = project.datasets.get(found.datasetVersionId)?.sourceName ?? 'data'
    await use(session, { experimentId: found.id, outcome, title })
  })
}

async function writeOutcome(
  given: Arguments,
  { workbench }: Session,
  watch: Watch,
  { experimentId, outcome, title }: StoredOutcome,
): Promise<void> {
  const { results, about } = outcome
  const json = given.text('json')
  if (json !== null) {
    const text = canonicalJson(toJson({ results, about }))
    writeFileWhole(callersPath(json), `${text}\n`)
  }
  const report = given.text('report')
  const tables = given.text('tables')
  if (report === null && tables === null) return
  const curves = await workbench.curves(experimentId, workersOf(given), watch)
  const decisions = workbench.decisions(experimentId)
  const input = { results, about, title, curves, decisions }
  if (report !== null) {
    // The charts take 80 MB and half a second to load, which other commands need not spend.
    const { renderReport } = await import('../../files/report/render-report.ts')
    writeFileWhole(callersPath(report), renderReport(input))
  }
  if (tables !== null) {
    const folder = callersPath(tables)
    mkdirSync(folder, { recursive: true })
    for (const table of reportTables(input)) {
      writeCsv(join(folder, `${table.name}.csv`), table.header, table.rows)
    }
  }
}
