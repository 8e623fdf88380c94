import { setTimeout as sleep } from 'node:timers/promises';
import type { ContainerRuntimeClient } from 'testcontainers';
import { CONTAINER_LABEL } from '../process/watched.ts';

const LOG_LINES = 60;
const HEADER_BYTES = 8;
const POLL_MS = 500;

/** Removes the container of a label. One that is still being made may turn up within the time to search. */
export async function removeLabelled(engine: ContainerRuntimeClient, label: string, searchMs: number): Promise<void> {
  const deadline = Date.now() + searchMs;
  for (;;) {
    const ids = await labelled(engine, label);
    for (const id of ids) await engine.container.getById(id).remove({ force: true, v: true });
    if (ids.length > 0 || Date.now() > deadline) return;
    await sleep(POLL_MS);
  }
}

/** The last lines of the log of a label's container, which may have ended. */
export async function logOfLabelled(engine: ContainerRuntimeClient, label: string): Promise<string> {
  const [id] = await labelled(engine, label);
  if (id === undefined) return '(no container)';
  const log = await engine.container.getById(id).logs({ stdout: true, stderr: true, tail: LOG_LINES });
  return unframed(log);
}

async function labelled(engine: ContainerRuntimeClient, label: string): Promise<string[]> {
  const containers = await engine.container.dockerode.listContainers({
    all: true,
    filters: { label: [`${CONTAINER_LABEL}=${label}`] },
  });
  return containers.map(({ Id }) => Id);
}

/** The text of a log whose pieces each carry a header: stream number, three zeros, length. */
function unframed(log: Buffer): string {
  const pieces: Buffer[] = [];
  for (let at = 0; at + HEADER_BYTES <= log.length;) {
    const end = at + HEADER_BYTES + log.readUInt32BE(at + HEADER_BYTES - 4);
    pieces.push(log.subarray(at + HEADER_BYTES, end));
    at = end;
  }
  return Buffer.concat(pieces).toString('utf8').trimEnd();
}
