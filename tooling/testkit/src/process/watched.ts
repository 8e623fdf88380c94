/** What the watchdog removes when the process that asked for it is gone. */
export type Watched =
  | { readonly kind: 'process'; readonly pid: number; readonly signal: 'SIGKILL' | 'SIGQUIT' }
  | { readonly kind: 'container'; readonly label: string }
  | { readonly kind: 'folder'; readonly path: string };

/** Label on each container started here; its value is one server's. */
export const CONTAINER_LABEL = 'tidemark.testkit';
