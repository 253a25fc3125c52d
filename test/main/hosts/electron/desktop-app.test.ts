/** The built desktop app on the fake Electron, with its real workbench process. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import vm from 'node:vm'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createClient } from '#shared/contract/bridge.ts'
import type { Bridge, Client } from '#shared/contract/bridge.ts'
import type { Args, EventName, Events } from '#shared/contract/commands.ts'
import type { DatasetFacts } from '#shared/contract/data.ts'
import { fileOfArguments, startElectronHost } from '#main/hosts/electron/electron-host.ts'
import { isTrustedFrame } from '#main/hosts/electron/guard.ts'
import { buildIfStale } from '../../../../scripts/build-app.mjs'
import { repository } from '../../../../scripts/out-folder.mjs'
import {
  app,
  emitPreventable,
  fake,
  launch,
  menuItem,
  nativeTheme,
  openPage,
} from '../../../fakes/electron.ts'
import type { FakeWindow } from '../../../fakes/electron.ts'

vi.mock('electron', () => import('../../../fakes/electron.ts'))

// Beside node_modules, where the bundle finds its packages, and away from what a person has built.
const outFolder = join(repository, '.cache/desktop-app')
const dataFolder = mkdtempSync(join(tmpdir(), 'steelyard-desktop-'))
process.env['STEELYARD_DATA'] = dataFolder
process.env['STEELYARD_OUT'] = outFolder

let window: FakeWindow
let client: Client

/** Runs the built preload as a sandboxed page does: CommonJS, and nothing but electron. */
function bridgeOf(shown: FakeWindow, frame?: unknown): Bridge {
  const { world, electron } = openPage(shown, frame)
  const code = readFileSync(shown.options.webPreferences!.preload!, 'utf8')
  const require = (name: string): unknown => {
    if (name === 'electron') return electron
    throw new Error(`A sandboxed preload can't require ${name}`)
  }
  const run = vm.runInThisContext(`(function (require, module, exports) {${code}\n})`) as (
    ...args: readonly unknown[]
  ) => void
  run(require, { exports: {} }, {})
  return world['steelyard'] as Bridge
}

function nextEvent<E extends EventName>(name: E): Promise<Events[E]> {
  return new Promise((resolve) => {
    const forget = client.on(name, (data) => {
      forget()
      resolve(data)
    })
  })
}

beforeAll(async () => {
  expect(buildIfStale('app')).toBe(true)
  launch()
  await startElectronHost({ outFolder, dataFolder })
  window = fake.windows[0]!
  client = createClient(bridgeOf(window))
}, 120_000)

afterAll(async () => {
  const ended = new Promise((resolve) => app.once('will-quit', resolve))
  app.quit()
  await ended
  rmSync(dataFolder, { recursive: true })
})

describe('the window', () => {
  it('is one, isolated and sandboxed, on a scheme of its own', () => {
    expect(fake.windows).toHaveLength(1)
    expect(fake.sandboxed).toBe(true)
    expect(fake.schemes.map(({ scheme }) => scheme)).toEqual(['app'])
    expect(fake.schemes[0]!.privileges).not.toHaveProperty('bypassCSP')
    expect(fake.schemes[0]!.privileges).not.toHaveProperty('corsEnabled')
    expect(window.visible).toBe(true)
    expect(window.webContents.mainFrame.url).toBe('app://steelyard/index.html')
    expect(window.options.webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    })
    expect(fake.paths.get('userData')).toBe(join(dataFolder, 'window'))
  })

  it('gets the built page with a policy, and nothing beside it', async () => {
    const get = (url: string, method = 'GET') =>
      fake.schemeHandlers.get('app')!(new Request(url, { method }))
    const page = await get('app://steelyard/index.html')
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self';.*connect-src 'self';/,
    )
    for (const url of [
      'app://steelyard/../main/index.js',
      'app://steelyard/%2e%2e/main/index.js',
      'app://steelyard/..%2fmain/index.js',
      'app://other/index.html',
      'app://steelyard.example.com/index.html',
      'app://steelyard/assets',
    ]) {
      expect((await get(url)).status, url).toBe(404)
    }
    expect((await get('app://steelyard/index.html', 'POST')).status).toBe(404)
  })

  it('leads nowhere else and is allowed nothing', () => {
    const { webContents } = window
    for (const event of ['will-navigate', 'will-redirect']) {
      for (const url of [
        'https://example.com/',
        'app://steelyard.example.com/',
        'file:///etc/passwd',
        'javascript:1',
        'nonsense',
      ]) {
        expect(emitPreventable(webContents, event, { url }), url).toBe(true)
      }
      expect(emitPreventable(webContents, event, { url: 'app://steelyard/index.html' })).toBe(false)
    }
    expect(emitPreventable(webContents, 'will-attach-webview')).toBe(true)
    const urls = [
      'https://example.com/a',
      'http://example.com/',
      'file:///etc/passwd',
      'ms-msdt:x',
      'nonsense',
    ]
    for (const url of urls) {
      expect(webContents.openHandler!({ url } as never)).toEqual({ action: 'deny' })
    }
    expect(fake.external).toEqual(['https://example.com/a'])
    const answers: boolean[] = []
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'clipboard-read',
      'openExternal',
    ] as const) {
      fake.permissionRequest!(null as never, permission, (may) => answers.push(may), {} as never)
    }
    answers.push(fake.permissionCheck!(null, 'media', 'app://steelyard', {} as never))
    expect(answers).toEqual([false, false, false, false, false, false])
  })
})

describe('the page', () => {
  it('talks to the workbench, with typed arrays and refusals as they are', async () => {
    expect(await client.call('app.info', {})).toMatchObject({
      host: 'electron',
      choosesFiles: true,
    })
    await expect(client.call('project.reopen', { recentId: '../x' })).rejects.toMatchObject({
      code: 'bad_arguments',
    })
    await expect(client.call('project.state', { x: 1 })).rejects.toMatchObject({
      code: 'bad_arguments',
    })
  })

  it('is computed for by compiled kernels, which the bundle brings along', async () => {
    expect((await client.call('app.info', {})).engine).toBe('AssemblyScript kernels')
  })

  it('can only speak from the main frame of our own page', async () => {
    for (const frame of [
      { url: 'https://example.com/', parent: null },
      { url: 'app://steelyard/index.html', parent: {} },
      { url: 'app://steelyard.example.com/', parent: null },
      null,
    ]) {
      await expect(bridgeOf(window, frame).call('app.info', {})).rejects.toThrow('Refused')
    }
    expect(isTrustedFrame(null, 'app://steelyard')).toBe(false)
  })

  it('has no way to what the main process alone may ask', async () => {
    for (const command of ['grantFile', 'openPath', 'close', 'host', '__proto__', 'constructor']) {
      const reply = await bridgeOf(window).call(command, { path: '/etc/passwd' })
      expect(reply, command).toMatchObject({ ok: false, error: { code: 'bad_arguments' } })
    }
    const lane = {
      lane: 'host',
      message: { id: 1, command: 'grantFile', args: { path: '/etc/passwd' } },
    }
    expect(await bridgeOf(window).call(lane as never, lane)).toMatchObject({ ok: false })
  })

  it('never sees a path, only a handle, of what a dialog gave', async () => {
    fake.chosenPath = join(dataFolder, 'chosen.steelyard')
    const file = (await client.call('file.choose', { purpose: 'new_project' }))!
    expect(file).toEqual({ fileId: expect.any(String), name: 'chosen.steelyard', sizeBytes: 0 })
    expect(JSON.stringify(file)).not.toContain(dataFolder)
    const state = await client.call('project.create', { name: 'chosen', fileId: file.fileId })
    expect(state.name).toBe('chosen')
    fake.chosenPath = null
    expect(await client.call('file.choose', { purpose: 'table' })).toBe(null)
    await expect(client.call('file.choose', { purpose: 'else' as never })).rejects.toMatchObject({
      code: 'bad_arguments',
    })
  })

  it('fails on what Electron cannot clone, such as reactive state', async () => {
    await expect(client.call('project.close', new Proxy({}, {}) as never)).rejects.toThrow(/cloned/)
  })
})

describe('the workbench process', () => {
  it('imports, computes and reports from the bundle', { timeout: 120_000 }, async () => {
    fake.chosenPath = join(dataFolder, 'cases.csv')
    writeFileSync(fake.chosenPath, cases(600))
    const { fileId } = (await client.call('file.choose', { purpose: 'table' }))!
    const preview = await client.call('data.preview', { fileId, options })
    expect(preview).toMatchObject({ nRows: 600, repeatedRows: 0 })
    const imported = nextEvent('data.imported')
    await client.call('data.import', { fileId, name: 'Cases', options })
    const { versionId } = await imported
    const { columns } = await client.call('data.rows', {
      versionId,
      firstRow: 0,
      nRows: 2,
      columns: [0, 2],
    })
    expect(columns[0]).toEqual({ name: 'speed', values: expect.any(Float64Array) })
    expect(columns[1]).toEqual({ name: 'fraud', values: ['yes', 'no'] })
    const over = new Promise((resolve) => {
      client.on('job.changed', (job) => {
        if (job.kind === 'run' && !['queued', 'running'].includes(job.state)) resolve(job)
      })
    })
    const { experimentId } = await client.call('run.start', orderOf(versionId, 2))
    expect(await over).toMatchObject({ state: 'done', reason: null })
    const report = await client.call('report.make', { experimentId })
    expect(JSON.stringify(report)).toContain('Steelyard report')
  })

  it(
    'is started again when it dies, with the project that was open',
    { timeout: 30_000 },
    async () => {
      const before = (await client.call('project.state', {}))!
      const heard: boolean[] = []
      client.onConnection((connected) => heard.push(connected))
      fake.children.at(-1)!.kill()
      await expect.poll(() => heard).toEqual([false])
      await expect(client.call('app.info', {})).rejects.toMatchObject({ code: 'disconnected' })
      await expect.poll(() => heard, { timeout: 20_000 }).toEqual([false, true])
      expect(client.connected).toBe(true)
      const after = (await client.call('project.state', {}))!
      expect(after.name).toBe(before.name)
      expect(after.restored).not.toBe(null)
    },
  )
})

describe('the menu', () => {
  it('asks the page for commands of its palette', async () => {
    for (const [labels, command] of [
      [['File', 'New project…'], 'project.new'],
      [['File', 'Open project…'], 'project.open'],
      [['File', 'Close project'], 'project.close'],
      [['View', 'Jobs'], 'view.jobs'],
      [['View', 'Theme', 'Dark'], 'view.theme.dark'],
    ] as const) {
      const chosen = nextEvent('menu.chosen')
      menuItem(...labels).click!(null as never, undefined, null as never)
      expect(await chosen).toEqual({ command })
    }
    expect(menuItem('File', 'Close project').enabled).toBe(true)
  })

  it('and the frame of the window follow the chosen theme', async () => {
    await client.call('settings.change', { theme: 'dark' })
    await expect.poll(() => nativeTheme.themeSource).toBe('dark')
    expect(menuItem('View', 'Theme', 'Dark').checked).toBe(true)
  })

  it('opens a recent project, and shows it', async () => {
    await client.call('project.close', {})
    await expect.poll(() => menuItem('File', 'Close project').enabled).toBe(false)
    const chosen = nextEvent('menu.chosen')
    menuItem('File', 'Open recent', 'chosen').click!(null as never, undefined, null as never)
    expect(await chosen).toEqual({ command: 'go.data' })
    expect(await client.call('project.state', {})).toMatchObject({ name: 'chosen' })
  })
})

describe('files that the system hands over', () => {
  it('are projects that the command line ends with', () => {
    expect(fileOfArguments(['steelyard', 'a.steelyard'], '/home/x')).toBe('/home/x/a.steelyard')
    expect(fileOfArguments(['steelyard', '--flag', '/b.STEELYARD'], '/home/x')).toBe('/b.STEELYARD')
    for (const args of [
      ['steelyard'],
      ['a.steelyard'],
      ['e', '--x=a.steelyard'],
      ['e', 'out/main/index.js'],
      ['e', '-a.steelyard'],
    ]) {
      expect(fileOfArguments(args, '/')).toBe(null)
    }
  })

  it('are opened by a second start, a double click, and refused in words', async () => {
    await client.call('project.close', {})
    const chosen = nextEvent('menu.chosen')
    const focused = window.focused
    app.emit('second-instance', {}, ['steelyard', 'chosen.steelyard'], dataFolder)
    expect(await chosen).toEqual({ command: 'go.data' })
    expect(window.focused).toBeGreaterThan(focused)

    expect(emitPreventable(app, 'open-file', {}, join(dataFolder, 'missing.steelyard'))).toBe(true)
    await expect.poll(() => fake.boxes.at(-1)?.message).toBe('This file was not opened')
    expect(fake.boxes.at(-1)!.detail).toContain('missing.steelyard')
  })
})

describe('closing the window', () => {
  it(
    'asks first while a job runs, and saves where the window was',
    { timeout: 60_000 },
    async () => {
      if (process.platform === 'darwin') return
      const [{ versionId }] = (await client.call('project.state', {}))!.datasets as [DatasetFacts]
      const { jobId } = await client.call('run.start', orderOf(versionId, 20))
      await nextEvent('job.changed')
      fake.pressedButton = 0
      window.bounds = { x: 40, y: 50, width: 1300, height: 800 }
      window.close()
      await expect.poll(() => fake.boxes.at(-1)?.message).toBe('Something is still running')
      expect(fake.windows).toHaveLength(1)
      expect(JSON.parse(readFileSync(join(dataFolder, 'window-state.json'), 'utf8'))).toEqual({
        bounds: window.bounds,
        maximized: false,
      })
      const over = nextEvent('job.changed')
      await client.call('job.cancel', { jobId })
      await over
    },
  )
})

describe('the bundle', () => {
  it('starts as Electron starts it, shows its window and ends', { timeout: 30_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'steelyard-built-'))
    const printed = execFileSync(
      process.execPath,
      [
        ...['--disable-warning=ExperimentalWarning', '--experimental-strip-types'],
        ...['--import', './test/fakes/as-electron.ts', join(outFolder, 'main/index.js')],
      ],
      { cwd: repository, env: { ...process.env, STEELYARD_DATA: folder }, encoding: 'utf8' },
    )
    rmSync(folder, { recursive: true })
    expect(JSON.parse(printed)).toMatchObject({
      url: 'app://steelyard/index.html',
      visible: true,
      reply: { ok: true, result: { host: 'electron' } },
    })
  })

  it('has a CommonJS preload that needs electron alone', () => {
    const preload = readFileSync(join(outFolder, 'preload/index.cjs'), 'utf8')
    expect([...preload.matchAll(/require\("([^"]+)"\)/g)].map((match) => match[1])).toEqual([
      'electron',
    ])
    expect(preload).not.toMatch(/^\s*import\s/m)
  })

  it('imports electron in the entry alone, and no package that only builds', () => {
    const folder = join(outFolder, 'main')
    const files = readdirSync(folder).filter((name) => name.endsWith('.js'))
    const users = files.filter((name) =>
      /from ["']electron["']/.test(readFileSync(join(folder, name), 'utf8')),
    )
    expect(users).toEqual(['index.js'])
    const packages = new Set(
      files.flatMap((name) =>
        [...readFileSync(join(folder, name), 'utf8').matchAll(/^import .*from "([^.][^"]*)"/gm)]
          .map((match) => match[1]!.replace(/(?<!^@[^/]*)\/.*/, ''))
          .filter((from) => !from.startsWith('node:')),
      ),
    )
    expect([...packages].sort()).toEqual(['better-sqlite3', 'electron'])
  })

  it('is typed against the release that it ships with', () => {
    const { version } = createRequire(import.meta.url)('electron/package.json') as FileVersion
    expect(version).toMatch(/^45\./)
  })
})

interface FileVersion {
  readonly version: string
}

const options = { delimiter: null, missing: null, ragged: 'refuse', kinds: {} } as const

/** A table with a rare class that one column tells. */
function cases(nRows: number): string {
  const rows = Array.from({ length: nRows }, (_, row) => {
    const isFraud = row % 10 === 0
    const speed = (Math.imul(row + 1, 2_654_435_761) >>> 0) / 2 ** 32 + (isFraud ? 0.4 : 0)
    return `${speed},${row},${isFraud ? 'yes' : 'no'}`
  })
  return ['speed,distance,fraud', ...rows, ''].join('\n')
}

function orderOf(versionId: number, folds: number): Args<'run.start'> {
  return {
    versionId,
    roles: {
      target: 'fraud',
      positive: 'yes',
      id: null,
      time: null,
      group: null,
      amount: null,
      weight: null,
      ignore: [],
    },
    frame: {
      costs: { truePositive: 0, falsePositive: 1, trueNegative: 0, falseNegative: 10 },
      casesPerDay: null,
      capacity: null,
      prevalence: null,
      minutesPerAlert: null,
      reviewHoursPerDay: null,
      commitments: [],
      currency: null,
    },
    seed: 1,
    folds,
    innerFolds: 2,
    acknowledgements: ['G10', 'G21'].map((guardrail) => ({ guardrail, reason: 'a test' })),
    configurations: [
      {
        name: 'lr',
        model: { kind: 'logistic_regression', c: 1 },
        sampling: { kind: 'none' },
        weighting: { kind: 'balanced' },
        calibration: { correction: false, calibrator: 'none' },
      },
    ],
  }
}
