with rules as (
    select *
    from campaign_rules_runs
    where as_of = :as_of and run_id = :run_id
),

filters as (
    select campaign, attribute, value, is_excluded
    from campaign_filters_runs
    where as_of = :as_of and run_id = :run_id
),

open_episodes as (
    select distinct campaign, customer_key
    from episodes_before_runs
    where as_of = :as_of and run_id = :run_id and left_on is null
),

people_in_campaigns as (
    select distinct customer_key
    from open_episodes
),

measures as (
    select m.*, p.customer_key is not null as is_in_campaign
    from campaign_measures_runs as m
    left join people_in_campaigns as p on m.customer_key = p.customer_key
    where m.as_of = :as_of and m.run_id = :run_id
),

attributes as (
    select customer_key, 'favourite_category' as attribute, favourite_category as value from measures
    union all
    select customer_key, 'country' as attribute, country as value from measures
    union all
    select customer_key, 'channel' as attribute, channel as value from measures
),

matches as (
    select f.campaign, f.attribute, f.is_excluded, a.customer_key
    from filters as f
    inner join attributes as a on f.attribute = a.attribute and f.value = a.value
),

left_out as (
    select distinct campaign, customer_key
    from matches
    where is_excluded
),

asked_for as (
    select campaign, count(distinct attribute) as attributes
    from filters
    where not is_excluded
    group by campaign
),

found as (
    select campaign, customer_key, count(distinct attribute) as attributes
    from matches
    where not is_excluded
    group by campaign, customer_key
),

within_bounds as (
    select r.campaign, r.rule, m.customer_key
    from rules as r
    inner join measures as m
        on (r.rule = 'enters' or m.is_in_campaign)
        and (r.segments is null or strpos(r.segments, ',' || m.segment || ',') > 0)
        and (r.min_orders is null or m.orders >= r.min_orders) and (r.max_orders is null or m.orders <= r.max_orders)
        and (r.min_orders_180d is null or m.orders_180d >= r.min_orders_180d) and (r.max_orders_180d is null or m.orders_180d <= r.max_orders_180d)
        and (r.min_orders_past_ten is null or m.orders_past_ten >= r.min_orders_past_ten) and (r.max_orders_past_ten is null or m.orders_past_ten <= r.max_orders_past_ten)
        and (r.min_recency_days is null or m.recency_days >= r.min_recency_days) and (r.max_recency_days is null or m.recency_days <= r.max_recency_days)
        and (r.min_tenure_days is null or m.tenure_days >= r.min_tenure_days) and (r.max_tenure_days is null or m.tenure_days <= r.max_tenure_days)
        and (r.min_overdue_pct is null or m.overdue_pct >= r.min_overdue_pct) and (r.max_overdue_pct is null or m.overdue_pct <= r.max_overdue_pct)
        and (r.min_risk is null or m.risk >= r.min_risk) and (r.max_risk is null or m.risk <= r.max_risk)
        and (r.min_net_spend is null or m.net_spend >= r.min_net_spend) and (r.max_net_spend is null or m.net_spend <= r.max_net_spend)
        and (r.min_spend_top_pct is null or m.spend_top_pct >= r.min_spend_top_pct) and (r.max_spend_top_pct is null or m.spend_top_pct <= r.max_spend_top_pct)
        and (r.min_year_spend_top_pct is null or m.year_spend_top_pct >= r.min_year_spend_top_pct) and (r.max_year_spend_top_pct is null or m.year_spend_top_pct <= r.max_year_spend_top_pct)
        and (r.min_days_since_refund is null or m.days_since_refund >= r.min_days_since_refund) and (r.max_days_since_refund is null or m.days_since_refund <= r.max_days_since_refund)
        and (r.min_days_since_complaint is null or m.days_since_complaint >= r.min_days_since_complaint) and (r.max_days_since_complaint is null or m.days_since_complaint <= r.max_days_since_complaint)
        and (r.min_days_since_trouble is null or m.days_since_trouble >= r.min_days_since_trouble) and (r.max_days_since_trouble is null or m.days_since_trouble <= r.max_days_since_trouble)
        and (r.min_days_to_birthday is null or m.days_to_birthday >= r.min_days_to_birthday) and (r.max_days_to_birthday is null or m.days_to_birthday <= r.max_days_to_birthday)
        and (r.min_days_to_anniversary is null or m.days_to_anniversary >= r.min_days_to_anniversary) and (r.max_days_to_anniversary is null or m.days_to_anniversary <= r.max_days_to_anniversary)
),

final as (
    select w.campaign, w.rule, w.customer_key
    from within_bounds as w
    left join open_episodes as o on w.campaign = o.campaign and w.customer_key = o.customer_key
    left join left_out as l on w.campaign = l.campaign and w.customer_key = l.customer_key
    left join asked_for as a on w.campaign = a.campaign
    left join found as f on w.campaign = f.campaign and w.customer_key = f.customer_key
    where (w.rule = 'stays' and o.customer_key is not null)
        or (
            w.rule = 'enters'
            and l.customer_key is null
            and coalesce(f.attributes, 0) = coalesce(a.attributes, 0)
        )
)

select * from final
