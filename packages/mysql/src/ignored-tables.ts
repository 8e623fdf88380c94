/**
 * Tables that OpenDental makes for a while during upgrades and reports; while one exists, rows may be missing from the
 * table it replaces (domain: LargeTableHelper.AlterTable).
 */
const TEMPORARY = [/^tempconv_/i, /^temp.*_bak_/i, /^tmp/i];

/** Whether a table of the source is one of OpenDental's passing tables and never copied. */
export function isPassingTable(name: string): boolean {
  return TEMPORARY.some((pattern) => pattern.test(name));
}
