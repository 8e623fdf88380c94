/** Columns of `etl_run_history`: what an attempt cost, and what of that the tracking. */
export const COST_COLUMNS = ['elapsed_us', 'tracking_us', 'statements', 'tracking_statements'];
