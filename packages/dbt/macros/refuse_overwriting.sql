{#
  Refuses to run dbt where a model, a seed or a snapshot would be built over a table of the raw schema that Tidemark
  keeps or that is declared as a source: the pipeline before this one lost its tracking tables that way. It looks at the
  names that came out, whatever generate_schema_name and generate_alias_name made of them.
#}
{% macro refuse_overwriting() %}
  {% if execute %}
    {% set raw = var('tidemark_schema', 'raw') %}
    {% set kept = tidemark.tracking_table_names() %}
    {% for source in graph.sources.values() if source.schema == raw %}
      {% do kept.append(source.identifier) %}
    {% endfor %}
    {% for node in graph.nodes.values() if node.resource_type in ['model', 'seed', 'snapshot'] %}
      {% set name = node.get('alias') or node.name %}
      {% if node.schema == raw and name in kept and node.config.materialized != 'ephemeral' %}
        {% do exceptions.raise_compiler_error(
          "tidemark: " ~ node.resource_type ~ " '" ~ node.name ~ "' of package '" ~ node.package_name
          ~ "' would be built as " ~ raw ~ "." ~ name ~ ", over a table that Tidemark writes. Nothing was run. "
          ~ "Give it another schema or another alias."
        ) %}
      {% endif %}
    {% endfor %}
  {% endif %}
{% endmacro %}
