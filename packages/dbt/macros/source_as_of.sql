{#
  A query for `loaded_at_query` of a source: the source's time that the rows of the table stand for, by the tracking
  table. It moves with each load, also when no row had changed.
#}
{% macro source_as_of(relation) %}
  select source_as_of at time zone 'UTC'
    from {{ tidemark.tracking_table('etl_load_status') }}
   where table_name = {{ dbt.string_literal(dbt.escape_single_quotes(relation.identifier)) }}
{% endmacro %}
