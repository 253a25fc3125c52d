/**
 * Who may import whom. The table is complete: a folder that it does not list may import nothing,
 * and test/gates/import-rights.test.ts fails on a right that is no longer used.
 */

/**
 * What each folder of src-shared/core may import besides its own files and core/math, which itself
 * imports nothing; `type:` marks what it may take types from only. A name stands for the folder, or
 * for the file of that name; `*` for the whole core.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const coreRights = {
  math: [],
  dataset: [],
  frame: ['dataset', 'format'],
  plan: ['rules', 'format', 'type:frame'],
  rules: ['type:dataset', 'type:plan'],
  folds: [],
  encoding: ['dataset'],
  resampling: ['plan'],
  weighting: ['type:frame', 'type:plan'],
  losses: ['type:plan'],
  models: ['losses', 'kernels', 'metrics', 'weighting', 'type:plan'],
  calibration: ['metrics', 'type:plan'],
  metrics: ['format'],
  statistics: ['metrics', 'format'],
  drift: ['metrics'],
  decision: ['metrics', 'frame', 'format'],
  'label-quality': ['format', 'statistics', 'type:kernels', 'type:metrics'],
  guardrails: ['plan', 'format', 'statistics', 'weighting', 'type:dataset', 'type:report'],
  diagnosis: ['metrics', 'statistics', 'decision', 'format', 'type:dataset'],
  slices: ['dataset', 'metrics', 'statistics', 'format'],
  report: ['type:*'],
  pipeline: ['*'],
  insight: ['kernels'],
  search: ['type:plan'],
  kernels: ['losses'],
  format: [],
}

/** Folders and files of src-main (and the contract), as patterns over paths. */
const CORE = '^src-shared/core/'
const SERVICES = '^src-main/(store|jobs|files|inference)/'
const KERNELS = '^src-main/kernels/'
const ERRORS = '^src-shared/contract/errors[.]ts$'
const PACKAGES = 'node_modules/'

/** What of the core is quick enough to run while a slider moves. */
const LIGHT_CORE =
  '^src-shared/core/((decision|frame|insight|math|metrics|plan|rules|statistics|weighting)/|format[.]ts$)'

/** @param {string} name */
const corePath = (name) => (name === '*' ? CORE : `^src-shared/core/${name}(/|[.]ts$)`)

const coreRules = Object.entries(coreRights).flatMap(([folder, rights]) => {
  const byValue = rights.filter((right) => !right.startsWith('type:'))
  const byType = rights.filter((right) => right.startsWith('type:')).map((right) => right.slice(5))
  const from = { path: corePath(folder) }
  const ownAndValues = [folder, ...(folder === 'math' ? [] : ['math']), ...byValue].map(corePath)
  return [
    {
      name: `core-${folder}`,
      comment: `core/${folder} may import ${['math', ...rights].join(', ')} (core/math nothing).`,
      severity: 'error',
      from,
      to: { pathNot: [...ownAndValues, ...byType.map(corePath)] },
    },
    {
      name: `core-${folder}-types-only`,
      comment: `core/${folder} may take only types from ${byType.join(', ')}.`,
      severity: 'error',
      from,
      to: {
        path: byType.length > 0 ? byType.map(corePath) : ['^$'],
        pathNot: ownAndValues,
        dependencyTypesNot: ['type-only'],
      },
    },
  ]
})

/**
 * @param {string} folder  Of src-main.
 * @param {readonly string[]} allowed  Path patterns it may import besides its own files and
 *   Node's modules.
 */
const mainRule = (folder, allowed) => ({
  name: `main-${folder}`,
  severity: 'error',
  from: { path: `^src-main/${folder}/` },
  to: {
    path: '^src-(main|shared|renderer)/',
    pathNot: [`^src-main/${folder}/`, ...allowed],
  },
})

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: /** @type {import('dependency-cruiser').IForbiddenRuleType[]} */ ([
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphan',
      comment: 'A file that nobody imports and that imports nobody.',
      severity: 'error',
      from: { orphan: true, path: '^src-', pathNot: ['[.]d[.]ts$', '^src-main/hosts/'] },
      to: {},
    },
    {
      name: 'not-resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'shared-stays-shared',
      comment: 'Shared code imports nothing from outside; the contract may use valibot.',
      severity: 'error',
      from: { path: '^src-shared/', pathNot: '^src-shared/contract/' },
      to: { pathNot: '^src-shared/' },
    },
    {
      name: 'contract',
      comment: 'The contract may use valibot, the types of the core, and plans.',
      severity: 'error',
      from: { path: '^src-shared/contract/' },
      to: { pathNot: ['^src-shared/contract/', CORE, `${PACKAGES}valibot/`] },
    },
    {
      name: 'contract-types-only',
      severity: 'error',
      from: { path: '^src-shared/contract/' },
      to: { path: CORE, pathNot: corePath('plan'), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'core-listed',
      comment: 'A folder of the core without a line in coreRights.',
      severity: 'error',
      from: {
        path: CORE,
        pathNot: Object.keys(coreRights).map(corePath),
      },
      to: {},
    },
    ...coreRules,
    mainRule('workbench', [CORE, '^src-shared/contract/', SERVICES]),
    {
      name: 'main-workbench-types-only',
      comment: 'The types of store, jobs and files are the ports; a host hands in their values.',
      severity: 'error',
      from: { path: '^src-main/workbench/' },
      to: { path: SERVICES, dependencyTypesNot: ['type-only'] },
    },
    ...['store', 'files', 'inference'].map((folder) => mainRule(folder, [CORE, ERRORS])),
    mainRule('jobs', [CORE, ERRORS, KERNELS]),
    mainRule('kernels', [CORE]),
    mainRule('hosts', ['^src-main/', '^src-shared/']),
    {
      name: 'renderer',
      comment: 'The page talks to the contract and may run the light parts of the core.',
      severity: 'error',
      from: { path: '^src-renderer/' },
      to: { path: '^src-(main|shared)/', pathNot: ['^src-shared/contract/', CORE] },
    },
    {
      name: 'renderer-types-only',
      comment: 'Of the rest of the core the page takes only types.',
      severity: 'error',
      from: { path: '^src-renderer/' },
      to: { path: CORE, pathNot: LIGHT_CORE, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'renderer-views',
      comment: 'What the screens share knows no screen; only the list of them does.',
      severity: 'error',
      from: { path: '^src-renderer/(components|charts|state|format|client)/' },
      to: { path: '^src-renderer/views/', pathNot: '^src-renderer/views/index[.]ts$' },
    },
    {
      name: 'renderer-packages',
      comment: 'Packages that are bundled into the page.',
      severity: 'error',
      from: { path: '^src-renderer/' },
      to: {
        path: PACKAGES,
        pathNot: `${PACKAGES}(svelte|echarts|@lucide/svelte|tinykeys|vite/client[.]d[.]ts$)`,
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'sql-only-in-store',
      severity: 'error',
      from: { path: '^src-', pathNot: '^src-main/store/' },
      to: { path: `${PACKAGES}better-sqlite3/` },
    },
    {
      name: 'electron-only-in-its-host',
      severity: 'error',
      from: { path: '^src-', pathNot: '^src-main/hosts/electron/' },
      to: { path: ['^electron$', `${PACKAGES}electron/`] },
    },
    {
      name: 'product-without-tests',
      severity: 'error',
      from: { path: '^src-' },
      to: { path: '^(test|scripts)/' },
    },
    {
      name: 'no-dev-packages',
      comment: 'The page is bundled; Electron is what its host runs in.',
      severity: 'error',
      from: { path: '^src-', pathNot: '^src-renderer/' },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: '^node_modules/(electron|@types)/',
      },
    },
  ]),
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(test/gates/canaries|src-main/kernels/assembly)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.svelte', '.d.ts', '.json'],
    },
  },
}
