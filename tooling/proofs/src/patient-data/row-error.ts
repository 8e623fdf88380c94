import { CANARY } from '@tidemark/sample-clinic';

import { MARKED } from './canaries.ts';

const TEXT = `${CANARY.text} of ${CANARY.firstKey}`;

/** Quotes a row wherever an error of a driver may, also in lines that look like places in the code. */
export function rowError(): Error {
  const message = [
    `Duplicate entry '${TEXT}' for key 'Code'`,
    `    at ${TEXT} (file:///${TEXT}.ts:1:1)`,
    `    at file:///${CANARY.text}.ts:${CANARY.firstKey}:1`,
    `Key (Born)=(${MARKED.born})`,
  ].join('\n');
  const error = new Error(message, { cause: new Error(`Failing row contains (${TEXT})`) });
  const detail = `Key (Code)=(${TEXT})`;
  return Object.assign(error, {
    name: TEXT,
    code: TEXT,
    errno: CANARY.firstKey,
    sqlState: CANARY.text,
    sql: `INSERT INTO patient VALUES ('${TEXT}')`,
    sqlMessage: message,
    detail,
    where: detail,
    parameters: [TEXT],
  });
}
