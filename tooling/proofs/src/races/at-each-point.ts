import { onPoint } from '@tidemark/testkit';
import { POINTS, type Point } from '@tidemark/tracking';

interface Points {
  readonly hop: 'copy' | 'load';
  readonly table: string;
  readonly act: (point: Point) => Promise<void>;
}

/**
 * Does something whenever the work comes to a point of the hop; the work waits for it. What fails there fails the test
 * at the end, and is not taken for a failure of the work.
 *
 * @returns the points in the order in which they were visited
 */
export async function atEachPoint({ hop, table, act }: Points, work: () => Promise<unknown>): Promise<Point[]> {
  using subscriptions = new DisposableStack();
  const visited: Point[] = [];
  const failures: unknown[] = [];
  const visit = async (point: Point): Promise<void> => {
    visited.push(point);
    try {
      await act(point);
    } catch (error) {
      failures.push(error);
    }
  };
  for (const point of POINTS.filter((name) => name.startsWith(`${hop}.`))) {
    subscriptions.use(onPoint(point, table, () => visit(point)));
  }
  await work();
  if (failures.length > 0) throw failures[0];
  return visited;
}
