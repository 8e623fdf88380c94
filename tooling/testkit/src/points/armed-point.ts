export const ARMED_ACTIONS = ['kill', 'fail', 'pause'] as const;

export type ArmedAction = (typeof ARMED_ACTIONS)[number];

/** What a child process is to do at a point. */
export interface ArmedPoint {
  readonly point: string;
  /** `*` stands for any table. */
  readonly table: string;
  readonly action: ArmedAction;
  /** Which visit counts, from 1. The first when unset. */
  readonly nth?: number | undefined;
  /** File written when the point is reached. */
  readonly mark?: string | undefined;
  /** File whose existence ends a `pause`. */
  readonly release?: string | undefined;
}

export const POINT_VARIABLES = {
  point: 'TIDEMARK_TEST_POINT',
  mark: 'TIDEMARK_TEST_POINT_MARK',
  release: 'TIDEMARK_TEST_POINT_RELEASE',
  trace: 'TIDEMARK_TEST_POINT_TRACE',
} as const;

/** An armed point without files. */
export type FurtherPoint = Pick<ArmedPoint, 'point' | 'table' | 'action' | 'nth'>;

/** The environment that makes a Node process act at points. Put it over the environment of a child process. */
export function armPoint(armed: ArmedPoint, ...further: readonly FurtherPoint[]): Record<string, string> {
  const { mark, release } = armed;
  return {
    ...preload(),
    [POINT_VARIABLES.point]: [armed, ...further].map(printPoint).join(','),
    ...(mark === undefined ? {} : { [POINT_VARIABLES.mark]: mark }),
    ...(release === undefined ? {} : { [POINT_VARIABLES.release]: release }),
  };
}

/** The environment that makes a Node process write `point table` into a file at each point it comes to. */
export function tracePoints(file: string): Record<string, string> {
  return { ...preload(), [POINT_VARIABLES.trace]: file };
}

function preload(): Record<string, string> {
  const module = new URL('arm-points.ts', import.meta.url).href;
  return { NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --import=${module}`.trim() };
}

function printPoint({ point, table, action, nth = 1 }: FurtherPoint): string {
  return `${point}:${table}:${action}:${nth}`;
}

/** Reads `point:table:action[:nth]`. */
export function parseArmedPoint(text: string): Pick<ArmedPoint, 'point' | 'table' | 'action'> & { nth: number } {
  const [point, table, word, count = '1', ...rest] = text.split(':');
  const action = ARMED_ACTIONS.find((candidate) => candidate === word);
  const nth = Number(count);
  if (!point || !table || !action || !Number.isInteger(nth) || nth < 1 || rest.length > 0) {
    throw new Error(`${POINT_VARIABLES.point} is not of the form point:table|*:${ARMED_ACTIONS.join('|')}[:nth].`);
  }
  return { point, table, action, nth };
}
