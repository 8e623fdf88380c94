import type { PostgresOptions } from './postgres-options.ts';

/**
 * Settings of every test server. Without fsync a commit survives the death of the server, which tests bring about,
 * and not that of the machine.
 */
const BASE_SETTINGS = {
  fsync: 'off',
  full_page_writes: 'off',
  shared_buffers: '128MB',
  max_connections: 100,
  max_wal_size: '1GB',
} as const;

/** The arguments of the server program that do not depend on where it runs. */
export function postgresArguments(options: PostgresOptions): string[] {
  const settings = { ...BASE_SETTINGS, timezone: options.timezone ?? 'UTC', ...options.settings };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
