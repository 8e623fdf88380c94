{#
  What a run of dbt did with its models: the same list as `tidemark transform record` makes of run_results.json.

  dbt's message is left out: it quotes rows.
#}
{% macro transform_results(results) %}
  {% set done = [] %}
  {% if tidemark.builds_models() %}
    {% set ended = tidemark.last_completed(results) %}
    {% for result in results if result.node and result.node.resource_type == 'model' %}
      {% set word = result.status | string %}
      {% if word in ['success', 'error', 'fail', 'skipped', 'runtime error', 'partial success'] %}
        {% set times = result.timing | selectattr('started_at') | selectattr('completed_at') | list %}
        {% do done.append({
          'model': result.node.unique_id.split('.')[2:] | join('.'),
          'status': 'success' if word == 'success' else 'failed',
          'error': none if word == 'success' else word,
          'rows': tidemark.rows_affected(result),
          'started_at': tidemark.utc_text((times | first).started_at) if times else ended,
          'finished_at': tidemark.utc_text((times | last).completed_at) if times else ended,
        }) %}
      {% endif %}
    {% endfor %}
  {% endif %}
  {{ return(done) }}
{% endmacro %}

{#
  Commands that build nothing (compile, show, docs, clone) and runs that build other rows than all of them (--empty,
  --sample) say nothing of how fresh a model is.
#}
{% macro builds_models() %}
  {% set asked = invocation_args_dict %}
  {{ return(asked.which in ['run', 'build', 'retry'] and not asked.empty and not asked.sample) }}
{% endmacro %}

{# dbt keeps times in UTC, without saying so. #}
{% macro utc_text(time) %}
  {{ return(time.strftime('%Y-%m-%dT%H:%M:%S.%fZ')) }}
{% endmacro %}

{# When the last node was done: what was skipped has no time of its own. #}
{% macro last_completed(results) %}
  {% set times = [] %}
  {% for result in results if result.node and result.node.resource_type != 'operation' %}
    {% for time in result.timing if time.completed_at %}
      {% do times.append(tidemark.utc_text(time.completed_at)) %}
    {% endfor %}
  {% endfor %}
  {{ return((times | max) if times else tidemark.utc_text(run_started_at)) }}
{% endmacro %}

{# Rows that the model's last statement wrote; none where the adapter does not say, as for a view. #}
{% macro rows_affected(result) %}
  {% set rows = (result.adapter_response or {}).get('rows_affected') %}
  {{ return(rows if rows is number and rows >= 0 else none) }}
{% endmacro %}
