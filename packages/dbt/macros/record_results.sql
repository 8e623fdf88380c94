{#
  Writes what dbt did with its models into etl_transform_status and etl_run_history: the statement of an on-run-end hook.

  The history decides, as in `tidemark transform record`: a result that it has already is not counted twice, and one that
  is older than what it has of the model leaves the status alone. Models are taken in the order of their names, so that
  two runs that end at the same time cannot wait for each other.
#}
{% macro record_results(results) %}
  {% set done = tidemark.transform_results(results) if execute and tidemark.is_recorded() else [] %}
  {% if done %}
    {{ tidemark.record_statement(done) }}
  {% endif %}
{% endmacro %}

{% macro is_recorded() %}
  {% set targets = var('tidemark_record_targets', []) %}
  {{ return(var('tidemark_record', true) and (not targets or target.name in targets)) }}
{% endmacro %}

{% macro record_statement(done) %}
  {% set status = tidemark.tracking_table('etl_transform_status') %}
  {% set history = tidemark.tracking_table('etl_run_history') %}
  with given as (
    select distinct on (model) *
      from jsonb_to_recordset({{ dbt.string_literal(dbt.escape_single_quotes(tojson(done))) }}::jsonb)
        as result (
          model text, status text, error text, rows bigint, started_at timestamptz, finished_at timestamptz
        )
     order by model, status, finished_at desc
  ),
  result as (
    select given.*, given.finished_at at time zone 'UTC' as finished,
           exists (
             select from {{ history }} as later
              where later.table_name = given.model and later.hop = 'transform'
                and later.finished_at > given.finished_at at time zone 'UTC'
           ) as overtaken
      from given
  ),
  entry as (
    insert into {{ history }} (
      run_id, table_name, hop, attempt, started_at, finished_at, plan, reason,
      rows_read, rows_inserted, rows_updated, rows_deleted, rows_unchanged, bytes, status
    )
    select '{{ invocation_id }}', model, 'transform', 1, started_at at time zone 'UTC', finished, 'dbt',
           case when error is null then 'dbt built the model' else 'dbt says ' || error end,
           0, 0, 0, 0, 0, 0, status
      from result
     order by model collate "C"
    on conflict do nothing
    returning table_name
  )
  insert into {{ status }} as kept (
    table_name, last_transformed, rows_transformed, transformation_status, _loaded_at, _updated_at,
    last_error, consecutive_failures
  )
  select model,
         case when status = 'success' then finished else '1969-01-01'::timestamp end,
         case when status = 'success' then coalesce(rows, 0) else 0 end,
         status,
         case when status = 'success' then finished else now() at time zone 'UTC' end,
         clock_timestamp() at time zone 'UTC',
         error,
         case when status = 'success' then 0 else 1 end
    from result join entry on entry.table_name = result.model
   where not overtaken
   order by model collate "C"
  on conflict (table_name) do update set
    transformation_status = excluded.transformation_status,
    _updated_at = excluded._updated_at,
    last_error = excluded.last_error,
    last_transformed = case when excluded.transformation_status = 'success'
      then excluded.last_transformed else kept.last_transformed end,
    _loaded_at = case when excluded.transformation_status = 'success' then excluded._loaded_at else kept._loaded_at end,
    rows_transformed = coalesce(
      (select rows from result where model = excluded.table_name and status = 'success'), kept.rows_transformed),
    consecutive_failures = case when excluded.transformation_status = 'success'
      then 0 else kept.consecutive_failures + 1 end
{% endmacro %}
