import type { DataSource, QueryRunner } from 'typeorm';

import { classifyTrackingError } from './classify-tracking-error.ts';
import type { OpenedDataSource } from './open-data-source.ts';
import type { MeteredRunner, SessionDialect, SessionPool } from './tracked-session.ts';
import { TrackingMeter } from './tracking-meter.ts';

/** Takes a connection for one act and gives it back. */
export async function withRunner<Result>(
  dataSource: DataSource,
  where: 'replica' | 'warehouse',
  dialect: Pick<SessionDialect, 'prepare'>,
  act: (runner: QueryRunner) => Promise<Result>,
): Promise<Result> {
  const runner = dataSource.createQueryRunner();
  try {
    await dialect.prepare(runner);
    return await act(runner);
  } catch (error) {
    throw classifyTrackingError(error, where);
  } finally {
    await runner.release();
  }
}

/** Takes a connection for a session; who gets it gives it back. */
export async function takeRunner({ dataSource, tier, dialect, carried }: SessionPool): Promise<MeteredRunner> {
  const runner = dataSource.createQueryRunner();
  try {
    const connection: object = await runner.connect();
    const meter = new TrackingMeter(runner, connection, carried);
    await dialect.prepare(runner);
    return { runner, meter, backend: await dialect.backendOf(runner) };
  } catch (error) {
    await runner.release();
    throw classifyTrackingError(error, tier.where);
  }
}

/** Milliseconds that the connections get to be closed in order. */
const PATIENCE_MS = 2000;

/** Closes all connections, those that stand still too. Doing it twice changes nothing. */
export async function closeDataSource(
  { dataSource, connections }: OpenedDataSource,
  where: 'replica' | 'warehouse',
): Promise<void> {
  if (!dataSource.isInitialized) return;
  try {
    await dataSource.destroy();
  } catch (error) {
    throw classifyTrackingError(error, where);
  } finally {
    setTimeout(() => connections.endAll(), PATIENCE_MS).unref();
  }
}
