import { describe, expect, it } from 'vitest';

import { writeRights } from './write-rights.ts';

const user = "`tide`@`%` IDENTIFIED BY PASSWORD '*0'";

describe('writeRights', () => {
  it.each([
    [`GRANT USAGE ON *.* TO ${user}`, []],
    [`GRANT SELECT, PROCESS, SHOW VIEW ON *.* TO ${user}`, []],
    [`GRANT SELECT, LOCK TABLES ON \`opendental\`.* TO ${user}`, []],
    [`GRANT ALL PRIVILEGES ON *.* TO ${user} WITH GRANT OPTION`, ['ALL PRIVILEGES']],
    [`GRANT SELECT, INSERT, UPDATE (\`Note\`, \`Name\`) ON \`opendental\`.* TO ${user}`, ['INSERT', 'UPDATE']],
    [`GRANT DELETE ON \`opendental\`.\`patient\` TO ${user}`, ['DELETE']],
    [`GRANT INSERT ON \`other\`.* TO ${user}`, []],
    [`GRANT INSERT ON \`open%\`.* TO ${user}`, ['INSERT']],
    [`GRANT INSERT ON \`opendenta_\`.* TO ${user}`, ['INSERT']],
    [`GRANT INSERT ON \`opendenta\\_\`.* TO ${user}`, []],
    [`GRANT INSERT ON \`open.*\`.* TO ${user}`, []],
    [`GRANT EXECUTE ON PROCEDURE \`opendental\`.\`p\` TO ${user}`, []],
    ['GRANT `writers`@`%` TO `tide`@`%`', []],
  ])('%s', (line, rights) => {
    expect(writeRights([line], 'opendental')).toEqual(rights);
  });

  it('adds up several lines without repeating', () => {
    const lines = [`GRANT INSERT ON *.* TO ${user}`, `GRANT INSERT, DROP ON \`opendental\`.* TO ${user}`];
    expect(writeRights(lines, 'opendental')).toEqual(['INSERT', 'DROP']);
  });
});
