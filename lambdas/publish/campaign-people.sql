with buyers as (
    select customer_key, last_order_on, last_refund_on
    from customer_features_runs
    where as_of = :as_of and run_id = :run_id
),

returned_orders as (
    select customer_key, order_date, refund_known_on
    from orders_runs
    where as_of = :as_of
        and run_id = :run_id
        and customer_key is not null
        and is_sale
        and order_date <= :as_of
        and void_on <= :as_of
        and refund_known_on <= :as_of
        and (cancel_known_on is null or cancel_known_on > :as_of)
),

final as (
    select customer_key, last_order_on, last_refund_on
    from buyers

    union all

    select r.customer_key, max(r.order_date) as last_order_on, max(r.refund_known_on) as last_refund_on
    from returned_orders as r
    left join buyers as b on r.customer_key = b.customer_key
    where b.customer_key is null
    group by r.customer_key
)

select * from final
