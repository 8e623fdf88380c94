export interface ParsedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (-?[0-9]+(?:\\.[0-9]+)?(?:e[+-]?[0-9]+)?|NaN|[+-]Inf)$`);
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/;

/**
 * A strict reader of the text exposition format: HELP, then TYPE, then all samples of a metric, each metric once, each set
 * of labels once, and a newline at the end.
 *
 * @throws Error naming the line that is wrong
 */
export function parsePrometheus(text: string): ParsedSample[] {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const samples: ParsedSample[] = [];
  const seen = new Set<string>();
  const metrics = new Set<string>();
  let current: { name: string; typed: boolean } | null = null;
  for (const [index, line] of text.slice(0, -1).split('\n').entries()) {
    const wrong = (why: string): Error => new Error(`line ${index + 1}: ${why}`);
    const comment = new RegExp(`^# (HELP|TYPE) (${NAME}) (.+)$`).exec(line);
    if (comment) {
      const [, kind, name = '', rest = ''] = comment;
      if (kind === 'HELP') {
        if (metrics.has(name)) throw wrong('a metric that was there before');
        if (/\\(?![\\n])/.test(rest.replaceAll('\\\\', ''))) throw wrong('an escape that is none');
        metrics.add(name);
        current = { name, typed: false };
      } else {
        if (current?.name !== name || current.typed) throw wrong('a TYPE without its HELP');
        if (!['gauge', 'counter', 'histogram', 'summary', 'untyped'].includes(rest)) throw wrong('no type');
        current.typed = true;
      }
      continue;
    }
    const sample = SAMPLE.exec(line);
    if (!sample) throw wrong('neither comment nor sample');
    const [, name = '', labels = '', value = ''] = sample;
    if (current?.name !== name || !current.typed) throw wrong('a sample outside of its metric');
    const read = parseLabels(labels, wrong);
    const identity = JSON.stringify([name, Object.entries(read).toSorted(([a], [b]) => (a < b ? -1 : 1))]);
    if (seen.has(identity)) throw wrong('the same labels twice');
    seen.add(identity);
    samples.push({ name, labels: read, value: Number(value) });
  }
  return samples;
}

function parseLabels(text: string, wrong: (why: string) => Error): Record<string, string> {
  const labels: Record<string, string> = {};
  let rest = text;
  while (rest !== '') {
    const label = LABEL.exec(rest);
    if (!label) throw wrong('a label that is none');
    const [all, name = '', value = ''] = label;
    if (name in labels) throw wrong('a label twice');
    labels[name] = value.replaceAll(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));
    rest = rest.slice(all.length);
  }
  return labels;
}
