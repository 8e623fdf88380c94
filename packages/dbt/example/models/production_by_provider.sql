with production as (
  select
    "ProvNum" as provider_id,
    count(*) as procedures,
    sum(round("ProcFee"::numeric, 2) * greatest("UnitQty", 1)) as production
  from {{ source('opendental', 'procedurelog') }}
  where "ProcStatus" = 2
  group by "ProvNum"
),
seen as (
  select provider_id, count(*) as appointments, count(distinct patient_id) as patients
  from {{ ref('appointments') }}
  where is_complete
  group by provider_id
),
provider as (
  select "ProvNum" as provider_id from {{ source('opendental', 'provider') }}
)
select
  provider.provider_id,
  coalesce(seen.appointments, 0) as appointments,
  coalesce(seen.patients, 0) as patients,
  coalesce(production.procedures, 0) as procedures,
  coalesce(production.production, 0) as production
from provider
left join production on production.provider_id = provider.provider_id
left join seen on seen.provider_id = provider.provider_id
