/** The built app in the real Electron. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron as electron, expect, test } from '@playwright/test'
import { buildIfStale } from '../../scripts/build-app.mjs'
import { electronBinary } from '../../scripts/electron-binary.mjs'
import { outFolder } from '../../scripts/out-folder.mjs'

const executablePath = electronBinary()

test('the app from start to data, and again', { tag: '@electron' }, async () => {
  test.skip(executablePath === null, "Electron's binary is not on this machine.")
  test.setTimeout(120_000)
  expect(buildIfStale('app')).toBe(true)
  const folder = mkdtempSync(join(tmpdir(), 'steelyard-electron-'))
  const launch = (...args: readonly string[]) =>
    electron.launch({
      executablePath: executablePath!,
      args: [
        // Only root needs this (containers); the app itself never asks for it.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        join(outFolder(), 'main/index.js'),
        ...args,
      ],
      env: { ...(process.env as Record<string, string>), STEELYARD_DATA: folder },
    })

  const app = await launch()
  const page = await app.firstWindow()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  expect(page.url()).toBe('app://steelyard/index.html')
  await expect(page.getByRole('heading', { name: 'Steelyard' })).toBeVisible()
  expect(await page.evaluate(() => 'require' in window || 'process' in window)).toBe(false)
  await page
    .getByRole('button', { name: /sample/i })
    .first()
    .click()
  await expect(page.getByRole('heading', { name: 'Data', level: 1 })).toBeVisible({
    timeout: 60_000,
  })
  expect(complaints).toEqual([])
  await app.close()

  // What a double click does.
  const again = await launch(join(folder, 'projects/Card payments (sample).steelyard'))
  const opened = await again.firstWindow()
  await expect(opened.getByRole('heading', { name: 'Data', level: 1 })).toBeVisible({
    timeout: 60_000,
  })
  await again.close()
  rmSync(folder, { recursive: true, force: true })
})
