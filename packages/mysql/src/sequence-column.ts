/**
 * The invisible column of every replica table: the copy sequence of the run that last changed the row. The load hop
 * reads by it and never by the source's timestamps (promise P5).
 */
export const SEQUENCE_COLUMN = '_tidemark_seq';
