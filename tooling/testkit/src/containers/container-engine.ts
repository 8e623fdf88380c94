import { getContainerRuntimeClient, getReaper, type ContainerRuntimeClient } from 'testcontainers';
import { RungUnavailable } from '../ladder/rung-unavailable.ts';
import { within } from '../ladder/within.ts';

const ENGINE_TIMEOUT_MS = 10_000;

/** Long enough to pull a small image, short enough for a network that swallows packets. */
const REAPER_TIMEOUT_MS = 30_000;

export interface ContainerEngine {
  readonly client: ContainerRuntimeClient;
  /** Whether Testcontainers' own reaper runs. Where its image cannot be pulled, the watchdog has to do. */
  readonly hasReaper: boolean;
}

let engine: Promise<ContainerEngine> | undefined;

/** The container engine of this machine. Asked once per process. */
export function containerEngine(): Promise<ContainerEngine> {
  engine ??= findEngine();
  return engine;
}

/** The engine alone, to remove what was started in it. */
export async function engineClient(): Promise<ContainerRuntimeClient> {
  try {
    return await within(ENGINE_TIMEOUT_MS, 'the container engine', getContainerRuntimeClient());
  } catch (error) {
    throw new RungUnavailable('no container engine answers', { cause: error });
  }
}

async function findEngine(): Promise<ContainerEngine> {
  const client = await engineClient();
  return { client, hasReaper: await startReaper(client) };
}

async function startReaper(client: ContainerRuntimeClient): Promise<boolean> {
  try {
    await within(REAPER_TIMEOUT_MS, 'the reaper', getReaper(client));
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`containers: without the reaper of Testcontainers (${reason})\n`);
    return false;
  }
}
