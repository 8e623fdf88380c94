{#
  Raw is proved within so many days: `tidemark verify` compared each table whole and found it equal, not longer ago than
  that. A later comparison that found a difference takes the proof away. For the source or the model etl_load_status.
#}
{% test proved_within(model, days, scopes=['full'], exclude=[]) %}
  with proof as (
    select distinct on (table_name) table_name, verdict, finished_at
      from {{ tidemark.tracking_table('etl_verification') }}
     where verdict in ('match', 'differs')
       and (verdict = 'differs' or scope in ({{ tidemark.string_list(scopes) }}))
     order by table_name, finished_at desc
  )
  select status.table_name, proof.verdict, proof.finished_at
    from {{ model }} as status
    left join proof on proof.table_name = status.table_name
   where (proof.verdict is distinct from 'match'
          or proof.finished_at < (now() at time zone 'UTC') - {{ days }} * interval '1 day')
     {% if exclude %}and status.table_name not in ({{ tidemark.string_list(exclude) }}){% endif %}
{% endtest %}
