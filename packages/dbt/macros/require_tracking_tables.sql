{#
  Refuses to begin a run that could not be recorded: of an on-run-start hook. At the end it would be too late to say so
  without a loss.
#}
{% macro require_tracking_tables() %}
  {% if execute and tidemark.is_recorded() and tidemark.builds_models() %}
    {% for name in ['etl_transform_status', 'etl_run_history'] %}
      {% set table = tidemark.tracking_table(name) %}
      {% if adapter.get_relation(table.database, table.schema, table.identifier) is none %}
        {% do exceptions.raise_compiler_error(
          "tidemark: there is no table " ~ table.schema ~ "." ~ name ~ ", so this run could not be recorded. Nothing was "
          ~ "run. Run `tidemark migrate`, set the var tidemark_schema, or turn recording off by the var tidemark_record."
        ) %}
      {% endif %}
    {% endfor %}
  {% endif %}
{% endmacro %}
