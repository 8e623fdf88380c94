{# A tracking table as a relation. Not by source(): a macro of a hook has no node to depend on. #}
{% macro tracking_table(name) %}
  {{ return(api.Relation.create(database=target.database, schema=var('tidemark_schema', 'raw'), identifier=name, quote_policy={'database': true, 'schema': true, 'identifier': true})) }}
{% endmacro %}

{# The tables that Tidemark keeps in the warehouse. #}
{% macro tracking_table_names() %}
  {{ return(['etl_load_status', 'etl_transform_status', 'etl_run_history', 'etl_verification', 'tidemark_migrations']) }}
{% endmacro %}
