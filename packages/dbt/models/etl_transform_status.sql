{{ config(alias='tidemark_transform_status') }}

select
  table_name,
  case
    when transformation_status in ('success', 'failed') then transformation_status else 'pending'
  end as transformation_status,
  case
    when last_transformed >= '1971-01-01' and transformation_status in ('success', 'failed') then last_transformed
  end as last_transformed,
  rows_transformed,
  last_error,
  consecutive_failures
-- Rendered: this view is the same under --empty.
from {{ source('tidemark', 'etl_transform_status').render() }}
