{#- Post hook of every mart, in the transaction that changes it: notes that it was published, and tells who listens. The
    version of what is served is the sum over all marts, so it rises with every change, also when a build ends half way,
    and marts that are built side by side don't wait for each other. Microseconds, so that it is new after a new start. -#}
{% macro note_publication() -%}
    {%- set publications = adapter.get_relation(this.database, this.schema, 'fct_publications') if execute -%}
    {%- if publications and this.identifier != publications.identifier -%}
    with noted as (
        insert into {{ publications }} as earlier (mart_name, version, published_at)
        values ('{{ this.identifier }}', (extract(epoch from clock_timestamp()) * 1000000)::bigint, clock_timestamp())
        on conflict (mart_name) do update set
            version = greatest(earlier.version + 1, excluded.version), published_at = excluded.published_at
        returning mart_name, version, published_at
    )

    select pg_notify('aibaas_marts', row_to_json(noted)::text) from noted
    {%- endif -%}
{%- endmacro %}
