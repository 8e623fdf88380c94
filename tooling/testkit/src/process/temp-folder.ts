import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProcessOwner } from './server-process.ts';
import { watch } from './watch.ts';

/** A folder that is removed at the latest when this process ends. */
export interface TempFolder {
  readonly path: string;
  remove(): Promise<void>;
}

export async function createTempFolder(purpose: string, owner?: ProcessOwner): Promise<TempFolder> {
  const path = await mkdtemp(join(tmpdir(), `tidemark-${purpose}-`));
  const release = watch({ kind: 'folder', path });
  if (owner) await chown(path, owner.uid, owner.gid);
  return {
    path,
    remove: async () => {
      await rm(path, { recursive: true, force: true, maxRetries: 10 });
      release();
    },
  };
}
