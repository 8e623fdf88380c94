{{ config(alias='tidemark_load_status') }}

select
  table_name,
  case when load_status in ('success', 'failed') then load_status else 'pending' end as load_status,
  -- The default of 1969, the older pipeline's 1970 and the time of a seeded record are no success.
  case
    when last_loaded >= '1971-01-01' and (load_status in ('success', 'failed')) then last_loaded
  end as last_loaded,
  rows_loaded,
  source_as_of,
  (extract(epoch from (now() at time zone 'UTC') - source_as_of))::bigint as lag_seconds,
  copy_sequence,
  strategy,
  watermarks,
  last_error,
  consecutive_failures
-- Rendered: this view is the same under --empty.
from {{ source('tidemark', 'etl_load_status').render() }}
