/**
 * Every way Tidemark says that something went wrong, with what it means for the person who reads it.
 *
 * `exit` is the exit code of the command when this error ends it (design, section 9); an error of one table among
 * several ends the command with 1. `retry` says whether the same act may succeed when simply tried again.
 */
export const ERROR_CODES = {
  /** A flag, an environment variable or tables.yml is wrong. Nothing was started. */
  CONFIG_INVALID: { exit: 2, retry: false },
  /** A table named on the command line is neither in tables.yml nor in the source. */
  TABLE_UNKNOWN: { exit: 2, retry: false },
  /** No record is of the run named on the command line. */
  RUN_UNKNOWN: { exit: 2, retry: false },
  /** The server does not answer: not running, wrong host or port, a firewall. */
  SERVER_UNREACHABLE: { exit: 2, retry: true },
  /** The server's limit of connections, or the user's own, is used up. */
  TOO_MANY_CONNECTIONS: { exit: 2, retry: true },
  /** The server answered and refused the user or the password. */
  ACCESS_DENIED: { exit: 2, retry: false },
  /** The user lacks a right that this act needs. */
  RIGHT_MISSING: { exit: 2, retry: false },
  /** The database (schema) named in the settings does not exist. */
  DATABASE_MISSING: { exit: 2, retry: false },
  /** The server is older than Tidemark can work with. */
  SERVER_TOO_OLD: { exit: 2, retry: false },
  /** The tracking tables do not exist or are older than this version. `tidemark migrate` mends it. */
  TRACKING_NOT_MIGRATED: { exit: 2, retry: false },
  /** The tracking tables were made by a newer version of Tidemark than this one. */
  TRACKING_NEWER: { exit: 2, retry: false },
  /** Another run holds the table in this hop. */
  TABLE_LOCKED: { exit: 5, retry: false },
  /** The connection broke in the middle. */
  CONNECTION_LOST: { exit: 1, retry: true },
  /** The process that ran it was killed or lost the server, and could not say why itself. */
  INTERRUPTED: { exit: 1, retry: true },
  /** Deadlock or lock wait time-out: the database undid the act. */
  TRANSACTION_CONFLICT: { exit: 1, retry: true },
  /** A statement took longer than it was allowed to. */
  STATEMENT_TIMEOUT: { exit: 1, retry: false },
  /** Disk, tablespace or quota full. */
  STORAGE_FULL: { exit: 1, retry: false },
  /** The server takes no writes: read_only, super_read_only, hot standby. */
  SERVER_READ_ONLY: { exit: 1, retry: false },
  /** A packet was larger than max_allowed_packet. */
  PACKET_TOO_LARGE: { exit: 1, retry: false },
  /** The server refused a value for a column's type or range. */
  VALUE_REFUSED: { exit: 1, retry: false },
  /** A unique or primary key would have been violated. */
  DUPLICATE_KEY: { exit: 1, retry: false },
  /** The table has no key that rows can be written by. */
  TABLE_WITHOUT_KEY: { exit: 1, retry: false },
  /** The source's columns changed in a way that cannot be followed without a decision. */
  SCHEMA_INCOMPATIBLE: { exit: 1, retry: false },
  /** A repair or a comparison builds on a finished copy and load, and the table has none, or its columns changed since. */
  TABLE_NOT_READY: { exit: 1, retry: false },
  /** A table that was copied before is no longer in the source. */
  TABLE_GONE: { exit: 1, retry: false },
  /** A table, column or row vanished while it was being read. */
  TABLE_CHANGED_DURING_RUN: { exit: 1, retry: true },
  /** Counts that must agree do not: the load was undone. */
  COUNTS_DISAGREE: { exit: 1, retry: false },
  /** More rows would be deleted than the cap allows. */
  DELETE_CAP: { exit: 1, retry: false },
  /** A keyset read did not advance. */
  READ_DID_NOT_ADVANCE: { exit: 1, retry: false },
  /** The run was asked to stop (signal). */
  STOPPED: { exit: 130, retry: false },
  /** The database answered with an error that has no word of its own here; errno and SQLSTATE say which. */
  DATABASE_ERROR: { exit: 1, retry: false },
  /** A defect in Tidemark. */
  INTERNAL: { exit: 1, retry: false },
} as const satisfies Record<string, { exit: number; retry: boolean }>;

export type ErrorCode = keyof typeof ERROR_CODES;
