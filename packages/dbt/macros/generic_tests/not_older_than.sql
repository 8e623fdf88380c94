{#
  No table older than so many hours, by the source's time that its rows stand for. A table that was never loaded is older
  than anything. For the source or the model etl_load_status.
#}
{% test not_older_than(model, hours, exclude=[]) %}
  select table_name, source_as_of
    from {{ model }}
   where (source_as_of is null or source_as_of < (now() at time zone 'UTC') - {{ hours }} * interval '1 hour')
     {% if exclude %}and table_name not in ({{ tidemark.string_list(exclude) }}){% endif %}
{% endtest %}
