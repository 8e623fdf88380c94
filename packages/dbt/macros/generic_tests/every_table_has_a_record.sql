{#
  Every synced table has a record in etl_load_status: each table of the raw schema, or each of `tables`. Partitions are
  parts of one, and what a rollout keeps of the tracking tables (etl_…_before) is none.
  For the source or the model etl_load_status.
#}
{% test every_table_has_a_record(model, tables=none) %}
  with wanted as (
    {% if tables is none %}
    select c.relname::text as table_name
      from pg_catalog.pg_class as c
      join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
     where n.nspname = {{ dbt.string_literal(var('tidemark_schema', 'raw')) }}
       and c.relkind in ('r', 'p') and not c.relispartition
       and regexp_replace(c.relname, '_before$', '') not in ({{ tidemark.string_list(tidemark.tracking_table_names()) }})
    {% else %}
    select unnest(array[{{ tidemark.string_list(tables) }}]::text[]) as table_name
    {% endif %}
  )
  select table_name from wanted
  where table_name not in (select table_name from {{ model }} where table_name is not null)
{% endtest %}
