import { bad, dim, formatCount, good, odd, plural } from '@tidemark/command-line/render';

import type { DoctorReport, Finding, FindingLevel } from './finding.ts';

const MARKS: Readonly<Record<FindingLevel, string>> = {
  ok: good('ok     '),
  info: dim('info   '),
  warning: odd('warning'),
  error: bad('error  '),
};

/** The findings for people, by area, each with its mend. */
export function renderDoctor({ findings }: DoctorReport): string {
  const areas = [...Map.groupBy(findings, ({ area }) => area)].map(([area, found]) =>
    [area, ...found.flatMap(renderFinding)].join('\n'),
  );
  return [...areas, sumOf(findings)].join('\n\n');
}

function renderFinding({ level, message, mend }: Finding): string[] {
  const [first = '', ...more] = message.split('\n');
  return [
    `  ${MARKS[level]}  ${first}`,
    ...more.map((line) => `           ${line}`),
    ...(mend === null ? [] : [`           → ${mend}`]),
  ];
}

function sumOf(findings: readonly Finding[]): string {
  const errors = findings.filter(({ level }) => level === 'error').length;
  const warnings = findings.filter(({ level }) => level === 'warning').length;
  if (errors + warnings === 0) return good('Nothing stands in the way of a run.');
  return [
    ...(errors > 0 ? [bad(plural(errors, 'error'))] : []),
    ...(warnings > 0 ? [odd(plural(warnings, 'warning'))] : []),
    `${formatCount(findings.length)} findings`,
  ].join(', ');
}
