import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/chaos/*.chaos.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
  },
})
