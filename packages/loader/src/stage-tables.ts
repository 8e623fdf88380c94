/** Temporary table with the rows that were read, in the types of raw. */
export const STAGE = 'pg_temp.tidemark_stage';
/** Temporary table with the keys of rows that are gone, those that are staged excepted. */
export const GONE = 'pg_temp.tidemark_gone';
/** Its column: a JSON array of texts, as in a tombstone. */
export const ROW_KEY = 'row_key';
