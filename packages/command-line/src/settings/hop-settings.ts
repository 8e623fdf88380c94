import { keepSeconds, tableSettings, toPlanSettings, type TablesFile } from '@tidemark/config';
import type { LoadSettings } from '@tidemark/loader';
import type { CopySettings } from '@tidemark/replicator';

/** A table's settings as the copy hop takes them. */
export function copySettings(file: TablesFile | null, table: string): CopySettings {
  const settings = tableSettings(file, table);
  const { primaryKey, batchRows, deletes, digestEverySeconds, timeColumnZone } = settings;
  return { plan: toPlanSettings(settings), primaryKey, batchRows, deletes, digestEverySeconds, timeColumnZone };
}

/** A table's settings as the load hop takes them. */
export function loadSettings(file: TablesFile | null, table: string): LoadSettings {
  const settings = tableSettings(file, table);
  const { primaryKey, deletes, timeColumnZone } = settings;
  const keepTombstonesSeconds = keepSeconds(file, 'tombstones');
  return { plan: toPlanSettings(settings), primaryKey, deletes, timeColumnZone, keepTombstonesSeconds };
}
