import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('../../../', import.meta.url)),
  test: {
    include: ['fidelity/etcd/validators/*.test.ts'],
    // A cluster of real validators; each step waits for what must come. Fails when it does not come for half an hour.
    testTimeout: 1_800_000,
    hookTimeout: 1_800_000,
    bail: 1,
  },
});
