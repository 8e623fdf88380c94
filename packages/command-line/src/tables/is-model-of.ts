/** `patient`, or dbt's way of naming the staging model of a source table: `stg_opendental__patient`. */
export function isModelOf(model: string, table: string): boolean {
  return model === table || (model.startsWith('stg_') && model.endsWith(`__${table}`));
}
