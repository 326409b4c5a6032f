with campaigns as (
    select *
    from (values :campaigns) as given (
        priority,
        campaign,
        min_orders,
        max_orders,
        takes_high,
        takes_medium,
        takes_low,
        value_from_pct,
        value_to_pct,
        min_recency_days,
        max_recency_days,
        only_overdue,
        cause,
        offer
    )
),

scores as (
    select customer_key, churn_probability, risk_band, value_at_risk
    from churn_scores_runs
    where as_of = :as_of and run_id = :run_id
),

features as (
    select customer_key, orders, recency_days, gap_count, gap_sum_days, last_order_on, monetary_value
    from customer_features_runs
    where as_of = :as_of and run_id = :run_id
),

consents as (
    select customer_key, accepts_marketing
    from customers_runs
    where as_of = :as_of and run_id = :run_id
),

members_before as (
    select cause, customer_key, entered_on
    from campaign_members_runs
    where as_of = :previous_as_of and run_id = :previous_run_id and arm <> 'excluded'
),

fitting as (
    select
        c.priority,
        c.campaign,
        c.cause,
        c.offer,
        c.value_from_pct,
        c.value_to_pct,
        s.customer_key,
        s.churn_probability,
        s.value_at_risk,
        f.last_order_on,
        row_number() over (partition by c.campaign order by s.value_at_risk desc, s.customer_key) as value_rank,
        count(*) over (partition by c.campaign) as candidates
    from scores as s
    inner join features as f on s.customer_key = f.customer_key
    inner join campaigns as c
        on f.orders between c.min_orders and c.max_orders
        and f.recency_days between c.min_recency_days and c.max_recency_days
        and (c.only_overdue = 0 or f.recency_days * f.gap_count > f.gap_sum_days or f.gap_count = 0)
        and (
            (s.risk_band = 'high' and c.takes_high = 1)
            or (s.risk_band = 'medium' and c.takes_medium = 1)
            or (s.risk_band = 'low' and c.takes_low = 1)
        )
    where f.monetary_value > 0
),

in_slice as (
    select
        f.*,
        row_number() over (partition by f.customer_key order by f.priority) as choice
    from fitting as f
    where 100 * (f.value_rank - 1) >= f.value_from_pct * f.candidates
        and 100 * (f.value_rank - 1) < f.value_to_pct * f.candidates
),

-- the last four hex digits of the pseudonym, as a number from 0 to 65535
bucketed as (
    select
        i.*,
        (strpos('0123456789abcdef', substr(i.customer_key, 29, 1)) - 1) * 4096
        + (strpos('0123456789abcdef', substr(i.customer_key, 30, 1)) - 1) * 256
        + (strpos('0123456789abcdef', substr(i.customer_key, 31, 1)) - 1) * 16
        + strpos('0123456789abcdef', substr(i.customer_key, 32, 1)) - 1 as bucket
    from in_slice as i
    where i.choice = 1
),

permitted as (
    select
        b.*,
        case
            when k.accepts_marketing = false then 'no_consent'
            when k.accepts_marketing is null and :unknown_consent_excluded = 1 then 'unknown_consent'
        end as excluded_because
    from bucketed as b
    left join consents as k on b.customer_key = k.customer_key
),

-- moving to another tier is no new episode: the cause is the same
episodes as (
    select
        p.*,
        case when m.entered_on is null or p.last_order_on > m.entered_on then :as_of else m.entered_on end as entered_on
    from permitted as p
    left join members_before as m on p.cause = m.cause and p.customer_key = m.customer_key
),

final as (
    select
        campaign,
        customer_key,
        row_number() over (partition by campaign order by value_at_risk desc, customer_key) as position,
        case
            when excluded_because is not null then 'excluded'
            when bucket < :control_buckets then 'control'
            else 'treatment'
        end as arm,
        excluded_because,
        entered_on,
        entered_on = :as_of as is_new,
        cause,
        offer,
        value_at_risk,
        churn_probability,
        date_diff('day', entered_on, :as_of) as days_on_list
    from episodes
)

select * from final
