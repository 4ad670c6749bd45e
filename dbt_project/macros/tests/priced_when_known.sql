{#- No answer lacks a price that was valid when its call began, and that was known before the day of its hour. What has no
    price at all, and what got its first one later, is not meant. -#}
{% test priced_when_known(model, targets, prices) %}
    with unpriced as (

        select * from {{ model }}
        where response_status = 'answered' and price_id is null

    )

    select
        unpriced.benchmark_hour,
        unpriced.call_id,
        unpriced.attempt,
        prices.price_id
    from unpriced
    inner join {{ targets }} as targets using (target_id)
    inner join {{ prices }} as prices using (provider, model)
    where prices.valid_from <= unpriced.started_at and prices.checked_on < {{ utc_date('unpriced.benchmark_hour') }}
{% endtest %}
