with people as (
    select customer_key, last_order_on, last_refund_on
    from campaign_people_runs
    where as_of = :as_of and run_id = :run_id
),

features as (
    select *
    from customer_features_runs
    where as_of = :as_of and run_id = :run_id
),

scores as (
    select customer_key, churn_probability, risk_band, spend_if_active, value_at_risk
    from churn_scores_runs
    where as_of = :as_of and run_id = :run_id
),

birthdays as (
    select customer_key, month(birthday) * 100 + day(birthday) as month_day
    from customers_runs
    where as_of = :as_of and run_id = :run_id and birthday is not null
),

complaints as (
    select customer_key, complained_on
    from customer_feedback_runs
    where as_of = :as_of and run_id = :run_id and complained_on is not null
),

-- the days that come, by month and day: no year is asked
coming_days as (
    select *
    from (values :coming_days) as given (month_day, days_to)
),

ranked as (
    select
        customer_key,
        rank() over (order by monetary_value desc) - 1 as spend_above,
        rank() over (order by spend_365d desc) - 1 as year_spend_above,
        count(*) over () as buyers
    from features
),

joined as (
    select
        p.customer_key,
        p.last_order_on,
        f.segment,
        f.favourite_category,
        f.country,
        f.channel,
        f.orders,
        f.orders_180d,
        f.recency_days,
        f.tenure_days,
        f.gap_sum_days,
        f.gap_count,
        f.monetary_value,
        f.spend_365d,
        s.churn_probability,
        s.risk_band,
        s.spend_if_active,
        s.value_at_risk,
        r.spend_above,
        r.year_spend_above,
        r.buyers,
        b.days_to as days_to_birthday,
        a.days_to as days_to_anniversary,
        date_diff('day', p.last_refund_on, :as_of) as days_since_refund,
        date_diff('day', c.complained_on, :as_of) as days_since_complaint
    from people as p
    left join features as f on p.customer_key = f.customer_key
    left join scores as s on p.customer_key = s.customer_key
    left join ranked as r on p.customer_key = r.customer_key
    left join birthdays as k on f.customer_key = k.customer_key
    left join coming_days as b on k.month_day = b.month_day
    left join coming_days as a
        on month(f.first_order_on) * 100 + day(f.first_order_on) = a.month_day and f.tenure_days > 300
    left join complaints as c on p.customer_key = c.customer_key
),

final as (
    select
        customer_key,
        segment,
        favourite_category,
        country,
        channel,
        last_order_on,
        churn_probability,
        cast(coalesce(spend_if_active, 0) as decimal(18, 4)) as spend_if_active,
        cast(coalesce(value_at_risk, 0) as decimal(18, 4)) as value_at_risk,
        coalesce(orders, 0) as orders,
        orders_180d,
        mod(orders, 10) as orders_past_ten,
        recency_days,
        tenure_days,
        case
            when gap_sum_days = 0 then 1000
            else
                ceil(cast(100 * cast(recency_days as bigint) * gap_count as double) / cast(gap_sum_days as double))
        end as overdue_pct,
        case risk_band when 'low' then 1 when 'medium' then 2 when 'high' then 3 end as risk,
        cast(ceil(cast(monetary_value as double)) as bigint) as net_spend,
        case
            when monetary_value > 0 then floor(cast(100 * spend_above as double) / cast(buyers as double))
        end as spend_top_pct,
        case
            when spend_365d > 0 then floor(cast(100 * year_spend_above as double) / cast(buyers as double))
        end as year_spend_top_pct,
        days_since_refund,
        days_since_complaint,
        case
            when days_since_refund <= coalesce(days_since_complaint, days_since_refund) then days_since_refund
            else days_since_complaint
        end as days_since_trouble,
        days_to_birthday,
        days_to_anniversary
    from joined
)

select * from final
