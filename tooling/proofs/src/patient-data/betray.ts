/**
 * Preload for a child process: at a point of the code an error comes up that quotes a row in every property that it has,
 * as those of the drivers do. `TIDEMARK_TEST_BETRAYAL` is `point table how`.
 */
import { onPoint } from '@tidemark/testkit';

import { rowError } from './row-error.ts';

const [point = '', table = '', how = ''] = (process.env['TIDEMARK_TEST_BETRAYAL'] ?? '').split(' ');

onPoint(point, table, async () => {
  switch (how) {
    case 'thrown':
      throw rowError();
    case 'thrown-text':
      // oxlint-disable-next-line typescript/only-throw-error -- some code does
      throw rowError().message;
    case 'uncaught':
      setImmediate(() => {
        throw rowError();
      });
      break;
    case 'uncaught-text':
      setImmediate(() => {
        // oxlint-disable-next-line typescript/only-throw-error -- some code does
        throw rowError().message;
      });
      break;
    case 'rejection':
      void Promise.reject(rowError());
      break;
    case 'event':
      // Nobody listens: Node throws it, with the emitter's words around it.
      setImmediate(() => process.stdin.emit('error', rowError().message));
      break;
    default:
      throw new Error('Unknown way to fail.');
  }
  // Whoever comes to the point waits: the process ends meanwhile.
  await new Promise<never>(() => {});
});
