import { afterAll, beforeAll, expect } from 'vitest';

import { openPipeline, type Asked, type Pipeline, type PipelineServers } from '../pipeline.ts';

/** One pipeline for all tests of a file; each test has tables of its own. */
export interface SharedPipeline {
  readonly pipeline: () => Pipeline;
  /** Runs both hops, which must both follow what changed and not read everything anew, and compares all values. */
  readonly expectFollowed: (table: string, asked?: Asked) => ReturnType<Pipeline['run']>;
}

export function sharedPipeline(servers: () => Promise<PipelineServers> | PipelineServers = () => ({})): SharedPipeline {
  let opened: Pipeline | undefined;
  beforeAll(async () => {
    opened = await openPipeline(await servers());
  });
  afterAll(async () => {
    await opened?.[Symbol.asyncDispose]();
  });
  const pipeline = (): Pipeline => {
    if (!opened) throw new Error('The pipeline is open within tests only.');
    return opened;
  };
  return {
    pipeline,
    expectFollowed: async (table, asked) => {
      const done = await pipeline().run(table, asked);
      expect([done.copy.strategy, done.load.strategy]).toEqual(['incremental', 'incremental']);
      await pipeline().expectEqual(table);
      return done;
    },
  };
}
