{{ config(alias='tidemark_tracking') }}

with reads as (
  {{ tidemark.models_by_table() }}
),
transformed as (
  select
    reads.table_name,
    count(*) as models,
    count(*) filter (where status.transformation_status = 'failed') as models_failed,
    count(*) filter (where status.last_transformed is null) as models_never_built,
    min(status.last_transformed) as oldest_transformed
  from reads
  left join {{ ref('etl_transform_status').render() }} as status on status.table_name = reads.model
  group by reads.table_name
)
select
  load.table_name,
  -- The copy's own record stands in the replica; what a load brings along of it is this.
  load.source_as_of as copied_as_of,
  load.copy_sequence,
  load.strategy as copy_strategy,
  load.load_status,
  load.last_loaded,
  load.rows_loaded,
  load.last_error as load_error,
  load.lag_seconds,
  coalesce(transformed.models, 0) as models,
  coalesce(transformed.models_failed, 0) as models_failed,
  coalesce(transformed.models_never_built, 0) as models_never_built,
  transformed.oldest_transformed,
  -- Whether each model that reads the table was built after its last load.
  transformed.models_never_built = 0 and transformed.oldest_transformed >= load.last_loaded as transformed_since_load
from {{ ref('etl_load_status').render() }} as load
left join transformed on transformed.table_name = load.table_name
