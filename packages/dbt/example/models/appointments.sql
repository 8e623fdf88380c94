select
  "AptNum" as appointment_id,
  "PatNum" as patient_id,
  "ProvNum" as provider_id,
  nullif("AptDateTime", '0001-01-01 00:00:00') as starts_at,
  -- Each character of the pattern is five minutes.
  length("Pattern") * 5 as minutes,
  "AptStatus" = 2 as is_complete,
  "IsNewPatient" = 1 as is_new_patient
from {{ source('opendental', 'appointment') }}
