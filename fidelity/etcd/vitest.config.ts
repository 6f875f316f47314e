import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('../../', import.meta.url)),
  test: {
    include: ['fidelity/etcd/*.test.ts'],
    // Real processes take their time on a busy machine; none asserts on time.
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
