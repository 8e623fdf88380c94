import { z } from 'zod';

/** dbt keeps times in UTC; not every version says so. */
const time = z.iso.datetime({ offset: true, local: true }).transform((text) => (hasZone(text) ? text : `${text}Z`));

function hasZone(text: string): boolean {
  return /(?:Z|[+-]\d\d:?\d\d)$/.test(text);
}

const metadata = z.object({
  dbt_schema_version: z.string(),
  dbt_version: z.string().optional(),
  generated_at: time,
  invocation_id: z.string().min(1).max(64),
});

/** A record has room for 255 characters, and PostgreSQL none for NUL. Tests and others are not recorded. */
function canBeRecorded(id: string): boolean {
  return !id.startsWith('model.') || /^model\.[^.]+\.\P{Cc}{1,255}$/u.test(id);
}

/** What is read of `run_results.json`, from version 5 (dbt 1.7) on. dbt's `message` is not: it quotes rows (promise P8). */
export const runResultsSchema = z.object({
  metadata,
  results: z.array(
    z.object({
      unique_id: z.string().refine(canBeRecorded),
      status: z.string(),
      timing: z.array(z.object({ started_at: time.nullish(), completed_at: time.nullish() })),
      adapter_response: z.object({ rows_affected: z.unknown() }).partial().nullish(),
    }),
  ),
  args: z.object({ which: z.string().nullish(), empty: z.unknown(), sample: z.unknown() }).partial().default({}),
});

export type RunResults = z.infer<typeof runResultsSchema>;

/** What is read of `manifest.json`, which dbt writes when a run begins. */
export const manifestSchema = z.object({ metadata });
