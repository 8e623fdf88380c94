import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** The channel of `reachPoint` in @tidemark/tracking, by name: the testkit depends on no package that it tests. */
const POINT_CHANNEL = 'tidemark:point';

/** What `reachPoint` publishes. It waits for `interruption`, and fails with it. */
interface PointVisit {
  readonly point: string;
  readonly table: string;
  interruption?: Promise<void>;
}

/** What happens at a point: `kill` ends this process with SIGKILL, `fail` throws, a function is waited for. */
export type PointAction = 'kill' | 'fail' | ((table: string) => void | Promise<void>);

export interface PointSubscription extends Disposable {
  /** How often the point has been reached so far. */
  visits(): number;
}

/** Thrown by the action `fail`. */
export class FaultInjected extends Error {
  override readonly name = 'FaultInjected';
}

/** Acts whenever the code of this process comes to a point, until disposed. `*` stands for any table. */
export function onPoint(point: string, table: string, action: PointAction): PointSubscription {
  let visits = 0;
  const listen = (message: unknown): void => {
    if (!isVisit(message) || message.point !== point || (table !== '*' && message.table !== table)) return;
    visits += 1;
    message.interruption = interrupt(message.interruption, action, message);
  };
  subscribe(POINT_CHANNEL, listen);
  return {
    visits: () => visits,
    [Symbol.dispose]: () => {
      unsubscribe(POINT_CHANNEL, listen);
    },
  };
}

/** Is told of every point that the code of this process comes to, for its whole life. */
export function onEveryPoint(told: (point: string, table: string) => void): void {
  subscribe(POINT_CHANNEL, (message) => {
    if (isVisit(message)) told(message.point, message.table);
  });
}

/** A listener must not throw: the channel would turn that into an uncaught exception. It hands over a promise. */
async function interrupt(
  earlier: Promise<void> | undefined,
  action: PointAction,
  { point, table }: PointVisit,
): Promise<void> {
  await earlier;
  if (action === 'kill') process.kill(process.pid, 'SIGKILL');
  else if (action === 'fail') throw new FaultInjected(`Fault injected at ${point} of ${table}.`);
  else await action(table);
}

function isVisit(message: unknown): message is PointVisit {
  return typeof message === 'object' && message !== null && 'point' in message && 'table' in message;
}
