interface Refusal {
  readonly message?: unknown;
  readonly column?: unknown;
  readonly where?: unknown;
}

/** How MySQL and MariaDB end what they say of a value; a value that they quote stands before it. */
const MYSQL = /(?: for column |^Column )(?:`[^`]*`\.`[^`]*`\.`([^`']+)`|'([^`']+)')(?: at row \d+| cannot be null)$/;
/** How PostgreSQL begins to say where a COPY stood; the value that it quotes follows. */
const POSTGRES_COPY = /^COPY [^,:"]+, line \d+, column ([^,:"]+)(?:: |$)/;

/**
 * The column whose value a server refused, as far as it says so; undefined where it does not.
 *
 * All else that a server says of it may quote the value (promise P8). Hence the anchors: what is taken stands where no
 * value can.
 */
export function refusedColumn(error: unknown): string | undefined {
  const { message, column, where }: Refusal = typeof error === 'object' && error !== null ? error : {};
  if (typeof column === 'string' && column !== '') return column;
  const ofPostgres = typeof where === 'string' ? POSTGRES_COPY.exec(where) : null;
  if (ofPostgres) return ofPostgres[1];
  const ofMysql = typeof message === 'string' ? MYSQL.exec(message) : null;
  return ofMysql?.[1] ?? ofMysql?.[2];
}
