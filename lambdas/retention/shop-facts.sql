with purchases as (
    select
        customer_key,
        order_date,
        gross_reporting
        - case when refund_known_on <= :as_of then coalesce(refunded_reporting, 0) else 0 end as net_spend
    from orders_runs
    where
        as_of = :as_of
        and run_id = :run_id
        and is_sale
        and order_date <= :as_of
        and (void_on is null or void_on > :as_of)
        and gross_reporting is not null
),

credit_notes as (
    select customer_key, refunded_reporting as amount
    from orders_runs
    where
        as_of = :as_of
        and run_id = :run_id
        and status = 'credit_note'
        and refund_known_on <= :as_of
        and refunded_reporting is not null
),

customer_purchases as (
    select
        customer_key,
        order_date,
        net_spend,
        min(order_date) over (partition by customer_key) as first_purchase_on
    from purchases
    where customer_key is not null
),

buyers as (
    select
        customer_key,
        first_purchase_on,
        count(*) as orders,
        sum(net_spend) as net_spend,
        max(order_date) as last_purchase_on,
        min(case when order_date > first_purchase_on then order_date end) as second_purchase_on,
        count(*) filter (where order_date >= :horizon_start) as horizon_orders
    from customer_purchases
    group by customer_key, first_purchase_on
),

buyer_totals as (
    select
        count(*) as customers,
        count(*) filter (where orders >= 2) as repeat_customers,
        count(*) filter (where last_purchase_on >= :window_start) as active_customers,
        count(*) filter (where first_purchase_on <= :observed_from) as observed_customers,
        count(*) filter (
            where
                first_purchase_on <= :observed_from
                and date_diff('day', first_purchase_on, second_purchase_on) <= :second_order_days
        ) as second_order_customers,
        cast(coalesce(sum(orders), 0) as bigint) as customer_orders,
        cast(coalesce(sum(horizon_orders), 0) as bigint) as horizon_orders,
        cast(
            coalesce(sum(case when first_purchase_on < :horizon_start then horizon_orders end), 0) as bigint
        ) as returning_orders,
        coalesce(sum(net_spend), 0) as customer_net_spend
    from buyers
),

purchase_totals as (
    select count(*) as orders, coalesce(sum(net_spend), 0) as net_spend
    from purchases
),

credit_note_totals as (
    select
        coalesce(sum(c.amount), 0) as credit_notes,
        coalesce(sum(case when b.customer_key is not null then c.amount end), 0) as buyer_credit_notes
    from credit_notes as c
    left join buyers as b on c.customer_key = b.customer_key
),

final as (
    select
        p.orders,
        p.net_spend,
        c.credit_notes,
        b.customers,
        b.repeat_customers,
        b.active_customers,
        b.observed_customers,
        b.second_order_customers,
        b.customer_orders,
        b.horizon_orders,
        b.returning_orders,
        b.customer_net_spend,
        c.buyer_credit_notes
    from purchase_totals as p
    cross join buyer_totals as b
    cross join credit_note_totals as c
)

select * from final
