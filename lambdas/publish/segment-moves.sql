with now as (
    select customer_key, segment, last_order_on
    from customer_features_runs
    where as_of = :as_of and run_id = :run_id
),

people_before as (
    select earlier_key, customer_key
    from people_before_runs
    where as_of = :as_of and run_id = :run_id
),

-- of people who turned out to be one, what was said of the key that stays, else of the first
told_before as (
    select
        p.customer_key,
        f.segment,
        f.last_order_on,
        row_number() over (
            partition by p.customer_key
            order by p.earlier_key <> p.customer_key, p.earlier_key
        ) as nth
    from customer_features_runs as f
    inner join people_before as p on f.customer_key = p.earlier_key
    where f.as_of = :previous_as_of and f.run_id = :previous_run_id
),

before as (
    select customer_key, segment, last_order_on
    from told_before
    where nth = 1
),

joined as (
    select
        coalesce(n.customer_key, b.customer_key) as customer_key,
        b.segment as from_segment,
        n.segment as to_segment,
        b.last_order_on as ordered_before,
        n.last_order_on as last_order_on
    from now as n
    full outer join before as b on n.customer_key = b.customer_key
),

final as (
    select
        customer_key,
        :as_of as moved_on,
        from_segment,
        to_segment,
        case
            when last_order_on is null or last_order_on < ordered_before then 'refund'
            when ordered_before is null or last_order_on > ordered_before then 'purchase'
            else 'time'
        end as cause,
        date_diff('day', :previous_as_of, :as_of) as days_since_last_night,
        last_order_on
    from joined
    where :has_previous = 1 and (from_segment is null or to_segment is null or from_segment <> to_segment)
)

select * from final
