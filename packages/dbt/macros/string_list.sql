{# Texts as SQL literals, parted by commas. #}
{% macro string_list(texts) %}
  {%- for text in texts %}{{ dbt.string_literal(dbt.escape_single_quotes(text)) }}{% if not loop.last %}, {% endif %}{% endfor -%}
{% endmacro %}
