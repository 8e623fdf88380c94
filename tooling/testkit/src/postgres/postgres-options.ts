export interface PostgresOptions {
  /** What the server is for, in the line that says where it came from. */
  readonly name?: string | undefined;
  /** Container image; `postgres:17` when unset. */
  readonly image?: string | undefined;
  /** Default time zone of each session. UTC when unset. */
  readonly timezone?: string | undefined;
  /** Server settings, by name. They win over everything above. */
  readonly settings?: Readonly<Record<string, string | number | boolean>> | undefined;
  /** Path and megabytes of a small disk that belongs to the server; there is none outside of a container. */
  readonly smallDisk?: { readonly path: string; readonly megabytes: number } | undefined;
  /** Environment variable that may name a server to be used instead. */
  readonly urlVariable?: string | undefined;
}
