import { types, type CustomTypesConfig } from 'pg';

/** `pg_type.oid` of the types that pg would turn into a Date or an object. */
const AS_TEXT: ReadonlySet<number> = new Set([
  types.builtins.DATE,
  types.builtins.TIMESTAMP,
  types.builtins.TIMESTAMPTZ,
  types.builtins.INTERVAL,
  types.builtins.JSON,
  types.builtins.JSONB,
]);

const unchanged = (text: string): string => text;

/** Type parsers of the tracking connections: what a JS value could not hold exactly stays text. */
export const postgresTextTypes: CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    format !== 'binary' && AS_TEXT.has(oid) ? unchanged : types.getTypeParser(oid, format),
};
