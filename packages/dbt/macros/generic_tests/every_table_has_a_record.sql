{#
  Every synced table has a record in etl_load_status: each table of the raw schema, or each of `tables`.
  For the source or the model etl_load_status.
#}
{% test every_table_has_a_record(model, tables=none) %}
  with wanted as (
    {% if tables is none %}
    select table_name::text as table_name from information_schema.tables
     where table_schema = {{ dbt.string_literal(var('tidemark_schema', 'raw')) }} and table_type = 'BASE TABLE'
       and table_name not in ({{ tidemark.string_list(tidemark.tracking_table_names()) }})
    {% else %}
    select unnest(array[{{ tidemark.string_list(tables) }}]::text[]) as table_name
    {% endif %}
  )
  select table_name from wanted
  where table_name not in (select table_name from {{ model }} where table_name is not null)
{% endtest %}
