with episodes as (
    select campaign, customer_key, entered_on, arm, control_share_pct, contact_cost, is_contaminated
    from campaign_episodes_runs
    where as_of = :as_of and run_id = :run_id
),

-- A person counts once: in a campaign by their first episode in it, in the pool by their first of all.
ranked_episodes as (
    select
        e.*,
        row_number() over (partition by e.customer_key, e.campaign order by e.entered_on) as nth_in_campaign,
        row_number() over (partition by e.customer_key order by e.entered_on, e.campaign) as nth_of_all,
        bool_or(e.is_contaminated) over (partition by e.customer_key, e.campaign) as was_in_both_of_campaign,
        bool_or(e.is_contaminated) over (partition by e.customer_key) as was_in_both_of_any
    from episodes as e
),

judged_episodes as (
    select *
    from ranked_episodes
    where nth_in_campaign = 1 and date_diff('day', entered_on, :as_of) >= :window_days
),

known_orders as (
    select
        customer_key,
        order_date,
        is_sale as is_purchase,
        gross_reporting
        - case
            when status = 'credit_note' or refund_known_on <= :as_of then coalesce(refunded_reporting, 0)
            else 0
        end as net_reporting
    from orders_runs
    where as_of = :as_of
        and run_id = :run_id
        and customer_key is not null
        and gross_reporting is not null
        and (status = 'credit_note' or (is_sale and (void_on is null or void_on > :as_of)))
),

outcomes as (
    select
        j.campaign,
        j.customer_key,
        count(*) filter (where o.is_purchase) > 0 as has_bought,
        sum(o.net_reporting) as net_revenue
    from judged_episodes as j
    inner join known_orders as o
        on j.customer_key = o.customer_key and date_diff('day', j.entered_on, o.order_date) between 1 and :window_days
    group by j.campaign, j.customer_key
),

judged as (
    select
        j.*,
        coalesce(o.has_bought, false) as has_bought,
        coalesce(o.net_revenue, 0) as net_revenue
    from judged_episodes as j
    left join outcomes as o on j.campaign = o.campaign and j.customer_key = o.customer_key
),

counted as (
    select
        'campaign' as scope,
        campaign,
        arm,
        control_share_pct,
        net_revenue,
        has_bought,
        contact_cost,
        entered_on,
        was_in_both_of_campaign as is_contaminated
    from judged

    union all

    select
        'pool' as scope,
        campaign,
        arm,
        control_share_pct,
        net_revenue,
        has_bought,
        contact_cost,
        entered_on,
        was_in_both_of_any as is_contaminated
    from judged
    where nth_of_all = 1
),

-- Nobody is named from here on: most customers of a campaign spend nothing and are one row.
final as (
    select
        scope,
        campaign,
        arm,
        control_share_pct,
        cast(net_revenue as decimal(18, 4)) as net_revenue,
        count(*) as customers,
        count(*) filter (where has_bought) as reactivated,
        count(*) filter (where is_contaminated) as contaminated,
        coalesce(sum(contact_cost) filter (where arm = 'treatment'), 0) as cost,
        min(entered_on) as first_entered_on,
        max(entered_on) as last_entered_on
    from counted
    group by scope, campaign, arm, control_share_pct, net_revenue
)

select * from final
