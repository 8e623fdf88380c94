/**
 * Waits until the process at the other end of stdin is gone, then removes the servers, containers and folders that it
 * left behind. Started by watch.ts; never by hand.
 */
import { rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { endProcess } from './end-process.ts';
import type { Watched } from './watched.ts';

type Message = { readonly watch: Watched; readonly id: string } | { readonly release: string };

/** A container may still be in the making when its owner dies: how long to look for it. */
const CONTAINER_SEARCH_MS = 15_000;

const watched = new Map<string, Watched>();

// Whoever ends the parent may signal the whole group; the clean-up must outlive that.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

for await (const line of createInterface({ input: process.stdin })) {
  const message: Message = JSON.parse(line);
  if ('watch' in message) watched.set(message.id, message.watch);
  else watched.delete(message.release);
}

const left = [...watched.values()];
await Promise.allSettled(left.map(endServer));
await Promise.allSettled(left.map(removeFolder));

async function endServer(entry: Watched): Promise<void> {
  if (entry.kind === 'process') await endProcess(entry.pid, entry.signal);
  if (entry.kind === 'container') await removeContainer(entry.label);
}

async function removeFolder(entry: Watched): Promise<void> {
  if (entry.kind === 'folder') await rm(entry.path, { recursive: true, force: true, maxRetries: 5 });
}

async function removeContainer(label: string): Promise<void> {
  // Loaded when needed: most watchdogs never see a container, and this one is large.
  const { engineClient } = await import('../containers/container-engine.ts');
  const { removeLabelled } = await import('../containers/labelled-container.ts');
  await removeLabelled(await engineClient(), label, CONTAINER_SEARCH_MS);
}
