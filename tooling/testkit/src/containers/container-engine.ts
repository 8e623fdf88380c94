import { getContainerRuntimeClient, type ContainerRuntimeClient } from 'testcontainers';
import { RungUnavailable } from '../ladder/rung-unavailable.ts';
import { within } from '../ladder/within.ts';

const ENGINE_TIMEOUT_MS = 10_000;

let engine: Promise<ContainerRuntimeClient> | undefined;

/** The container engine of this machine. Asked once per process. */
export function containerEngine(): Promise<ContainerRuntimeClient> {
  engine ??= findEngine();
  return engine;
}

async function findEngine(): Promise<ContainerRuntimeClient> {
  try {
    return await within(ENGINE_TIMEOUT_MS, 'container engine', getContainerRuntimeClient());
  } catch (error) {
    throw new RungUnavailable('no container engine answers', { cause: error });
  }
}
