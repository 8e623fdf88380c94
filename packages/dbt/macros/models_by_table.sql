{#
  Which model reads which raw table, by dbt's graph: rows of a query with table_name and model. A record of a model is
  named as in transform_results().
#}
{% macro models_by_table() %}
  {% set pairs = [] %}
  {% if execute %}
    {% for node in graph.nodes.values() if node.resource_type == 'model' and node.package_name != 'tidemark' %}
      {% for id in node.depends_on.nodes if id in graph.sources %}
        {% set source = graph.sources[id] %}
        {% if source.schema == var('tidemark_schema', 'raw') %}
          {% do pairs.append({'table_name': source.identifier, 'model': node.unique_id.split('.')[2:] | join('.')}) %}
        {% endif %}
      {% endfor %}
    {% endfor %}
  {% endif %}
  select distinct table_name, model
    from jsonb_to_recordset({{ dbt.string_literal(dbt.escape_single_quotes(tojson(pairs, sort_keys=true))) }}::jsonb)
      as reads (table_name text, model text)
{% endmacro %}
