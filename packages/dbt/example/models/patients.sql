-- Only what changed since the last build is read; `unique_key` puts it in place of the older rows.
{{ config(materialized='incremental', unique_key='patient_id') }}

select
  "PatNum" as patient_id,
  "PriProv" as provider_id,
  -- 0001-01-01 is OpenDental's word for "not known".
  nullif("Birthdate", '0001-01-01') as birthdate,
  nullif("DateFirstVisit", '0001-01-01') as first_visit,
  "PatStatus" = 0 as is_active,
  round("BalTotal"::numeric, 2) as balance,
  {{ tidemark.watermark(source('opendental', 'patient'), 'DateTStamp') }} as _tidemark_watermark
from {{ source('opendental', 'patient') }}
{{ tidemark.incremental(source('opendental', 'patient'), 'DateTStamp', lookback='10 minutes') }}
