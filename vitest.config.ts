import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/gates/canaries/**', 'test/e2e/**', 'node_modules/**'],
    setupFiles: ['test/support/property-seed.ts'],
    pool: 'forks',
    maxWorkers: 2,
    // Generous: a machine may be busy with other things, and no test is about time.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
})
