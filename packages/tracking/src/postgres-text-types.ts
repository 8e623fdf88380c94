import pg from 'pg';

type TypeParser = (text: string) => unknown;

/** `pg_type.oid` of the types that pg would turn into a Date or an object: date, timestamp, timestamptz, interval, json, jsonb. */
const AS_TEXT: ReadonlySet<number> = new Set([1082, 1114, 1184, 1186, 114, 3802]);

const unchanged: TypeParser = (text) => text;

/** Type parsers of the tracking connections: what a JS value could not hold exactly stays text. */
export const postgresTextTypes = {
  getTypeParser(oid: number, format?: 'text' | 'binary'): TypeParser {
    if (format !== 'binary' && AS_TEXT.has(oid)) return unchanged;
    return pg.types.getTypeParser(oid, format ?? 'text') as TypeParser;
  },
};
