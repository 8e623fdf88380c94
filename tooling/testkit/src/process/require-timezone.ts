import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { RungUnavailable } from '../ladder/rung-unavailable.ts';

const ZONE_FOLDER = '/usr/share/zoneinfo';

/** A process that is given a time zone unknown to its machine silently runs in UTC: better not to start it. */
export async function requireTimezone(timezone: string): Promise<string> {
  if (timezone === 'UTC') return timezone;
  try {
    await access(join(ZONE_FOLDER, timezone));
  } catch (error) {
    throw new RungUnavailable(`time zone ${timezone} is not in ${ZONE_FOLDER} (package tzdata)`, { cause: error });
  }
  return timezone;
}
