{#
  The watermark that the rows of a raw table have reached in one of its columns, as an SQL expression of that column's
  type; null where there is none. Selected along with the rows it is of the same moment as they are.
#}
{% macro watermark(source, column) %}
  {%- set kind = tidemark.column_type(source, column) -%}
  (select ((watermarks ->> {{ dbt.string_literal(dbt.escape_single_quotes(column)) }})
           {%- if kind == 'timestamp with time zone' %} || '+00'{% endif %})::{{ kind }}
     from {{ tidemark.tracking_table('etl_load_status') }}
    where table_name = {{ dbt.string_literal(dbt.escape_single_quotes(source.identifier)) }})
{%- endmacro %}

{#
  The WHERE of an incremental model: the rows of a raw table since the watermark that the model's own rows were built at,
  and those without a stamp. Empty on a first build and with --full-refresh.

  `kept_as` is the column of the model that holds `watermark()`. Its highest value is what the last build had seen; the
  stamps themselves do not tell, since one of them may lie in the future. `lookback` is an interval.
#}
{% macro incremental(source, column, lookback='1 day', kept_as='_tidemark_watermark') %}
  {%- if is_incremental() -%}
    {%- set stamp = adapter.quote(column) -%}
    where {{ stamp }} is null
       or {{ stamp }} >= coalesce(
            (select max({{ adapter.quote(kept_as) }}) from {{ this }})
              - {{ dbt.string_literal(dbt.escape_single_quotes(lookback)) }}::interval,
            '-infinity')
  {%- endif -%}
{% endmacro %}

{# Type of a column of a raw table. Anything but a time has no lookback in time. #}
{% macro column_type(source, column) %}
  {% if not execute %}{{ return('timestamp without time zone') }}{% endif %}
  {% for found in adapter.get_columns_in_relation(source) if found.name == column %}
    {% if found.data_type.startswith('timestamp') or found.data_type == 'date' %}{{ return(found.data_type) }}{% endif %}
    {% do exceptions.raise_compiler_error(
      "tidemark: " ~ source.identifier ~ "." ~ column ~ " is " ~ found.data_type ~ ", which is no time. "
      ~ "Name an incremental column that is a timestamp or a date."
    ) %}
  {% endfor %}
  {% do exceptions.raise_compiler_error("tidemark: " ~ source.identifier ~ " has no column " ~ column ~ ".") %}
{% endmacro %}
