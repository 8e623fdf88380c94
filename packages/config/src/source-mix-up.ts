import type { ConnectionFields } from './connection-values.ts';
import { CONNECTION_KINDS } from './endpoint.ts';

/**
 * What is dangerous about the replica's settings, if anything: they must never lead to the practice's own database.
 *
 * One server has many names (`localhost`, its address, an alias), so hosts that differ prove nothing. The replica's
 * database must therefore have another name than the source's, on whatever server it is.
 */
export function findSourceMixUp(source: ConnectionFields, replica: ConnectionFields): string | null {
  if (source.database === undefined || replica.database === undefined) return null;
  // MySQL on Windows and macOS does not tell database names apart by case.
  if (source.database.toLowerCase() !== replica.database.toLowerCase()) return null;
  const { source: sourceKind, replica: replicaKind } = CONNECTION_KINDS;
  const samePlace =
    serverOf(source.host) === serverOf(replica.host) &&
    (source.port ?? sourceKind.port) === (replica.port ?? replicaKind.port);
  return samePlace
    ? `${replicaKind.prefix} and ${sourceKind.prefix} name the same database: the copy would write into the practice's own`
    : `${replicaKind.prefix}_DB has the name of the source's database; the replica needs a name of its own, so that a wrong host can never make the copy write into the practice's database`;
}

function serverOf(host: string | undefined): string | undefined {
  const name = host?.toLowerCase().replace(/\.$/, '');
  return name === '127.0.0.1' || name === '::1' ? 'localhost' : name;
}
