import type { Stderr } from '../logging/open-stderr.ts';
import type { Progress } from './progress.ts';

const REDRAW_MS = 150;

/** Redraws the progress until disposed of; does nothing where stderr is no terminal. */
export function showProgress(progress: Pick<Progress, 'render'>, stderr: Stderr): Disposable {
  if (!stderr.live) return { [Symbol.dispose]: () => {} };
  const draw = (): void => stderr.show(progress.render(process.stderr.columns));
  const timer = setInterval(draw, REDRAW_MS);
  draw();
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
      stderr.clear();
    },
  };
}
