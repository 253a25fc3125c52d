import { defineConfig } from '@playwright/test'
import { chromiumPath } from './test/e2e/chromium.ts'

const executablePath = chromiumPath()

export default defineConfig({
  testDir: 'test/e2e',
  globalSetup: './test/e2e/build-page.ts',
  outputDir: 'test-results/e2e',
  fullyParallel: true,
  workers: 2,
  // Generous: the workbench computes, and the machine may be busy with other things.
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  use: {
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(executablePath === null ? {} : { executablePath }),
      args: [
        // Only root needs this (containers); it is never used for the application itself.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--disable-quic',
        '--no-first-run',
        '--disable-features=OptimizationHints,MediaRouter',
      ],
    },
  },
})
