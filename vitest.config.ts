import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // They need a browser: npm run browser.
    exclude: ['test/browser/**', 'node_modules/**'],
    globalSetup: ['test/global-setup.ts'],
    // Property tests and child processes take seconds on a busy machine; none asserts on time.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
