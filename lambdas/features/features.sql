with dates as (
    select snapshot_on
    from (values :dates) as given (snapshot_on)
),

segments as (
    select recency_score, value_score, segment
    from (values :segments) as given (recency_score, value_score, segment)
),

customer_orders as (
    select
        customer_key,
        source,
        order_id,
        ordered_at,
        order_date,
        is_sale,
        status = 'credit_note' as is_credit_note,
        void_on,
        cancel_known_on,
        refund_known_on,
        gross_reporting,
        coalesce(refunded_reporting, 0) as refunded_reporting,
        coalesce(discount_reporting, 0) as discount_reporting,
        country,
        channel,
        line_count
    from orders_runs
    where as_of = :as_of
        and run_id = :run_id
        and customer_key is not null
        and gross_reporting is not null
),

-- A refund or cancellation (one of which makes an order void) changes what an earlier order counts for: from that day on
-- the history of its customer is another one.
revisions as (
    select customer_key, cancel_known_on as revised_on
    from customer_orders
    where cancel_known_on > order_date
    union
    select customer_key, refund_known_on as revised_on
    from customer_orders
    where refund_known_on > order_date
),

revisions_known as (
    select r.customer_key, d.snapshot_on, count(*) filter (where r.revised_on <= d.snapshot_on) as revisions
    from revisions as r
    cross join dates as d
    group by r.customer_key, d.snapshot_on
),

revised_histories as (
    select customer_key, min(snapshot_on) as valid_from, max(snapshot_on) as known_on
    from revisions_known
    group by customer_key, revisions
),

span as (
    select min(snapshot_on) as valid_from, max(snapshot_on) as known_on
    from dates
),

-- Who had none has one history for all dates.
histories as (
    select
        o.*,
        coalesce(r.valid_from, s.valid_from) as valid_from,
        coalesce(r.known_on, s.known_on) as known_on
    from customer_orders as o
    cross join span as s
    left join revised_histories as r on o.customer_key = r.customer_key
    where o.order_date <= coalesce(r.known_on, s.known_on)
),

known_orders as (
    select
        h.*,
        h.is_sale and (h.void_on is null or h.void_on > h.known_on) as is_purchase,
        h.is_sale and (h.cancel_known_on is null or h.cancel_known_on > h.known_on) as is_kept,
        h.cancel_known_on is not null and h.cancel_known_on <= h.known_on as is_cancelled,
        case
            when h.is_credit_note then h.order_date
            when h.refunded_reporting > 0 and h.refund_known_on <= h.known_on then h.refund_known_on
        end as refunded_on
    from histories as h
),

valued_orders as (
    select
        k.*,
        (k.is_kept or k.is_credit_note) and k.refunded_on is not null as is_refund,
        k.gross_reporting - case when k.refunded_on is null then 0 else k.refunded_reporting end as net_reporting
    from known_orders as k
),

-- A gap looks back only, so it is made once for all dates of a history; it is 0 from order to order of one day.
sequenced_orders as (
    select
        v.*,
        row_number() over (
            partition by v.customer_key, v.known_on, v.is_purchase
            order by v.order_date, v.ordered_at, v.source, v.order_id
        ) as position,
        date_diff(
            'day',
            lag(v.order_date) over (
                partition by v.customer_key, v.known_on, v.is_purchase
                order by v.order_date, v.ordered_at, v.source, v.order_id
            ),
            v.order_date
        ) as gap_days
    from valued_orders as v
),

buyers as (
    select
        d.snapshot_on,
        o.customer_key,
        min(o.order_date) filter (where o.is_purchase) as first_order_on,
        max(o.order_date) filter (where o.is_purchase) as last_order_on,
        count(*) filter (where o.is_purchase and (o.gap_days is null or o.gap_days > 0)) as frequency,
        coalesce(sum(o.gross_reporting) filter (where o.is_kept), 0) as gross_spend,
        coalesce(sum(o.refunded_reporting) filter (where o.is_refund), 0) as refunded_amount
    from sequenced_orders as o
    inner join dates as d
        on o.order_date <= d.snapshot_on and o.valid_from <= d.snapshot_on and o.known_on >= d.snapshot_on
    group by d.snapshot_on, o.customer_key
    having count(*) filter (where o.is_purchase) > 0
),

ranked_buyers as (
    select
        b.*,
        count(*) over (partition by b.snapshot_on) as buyers,
        rank() over (partition by b.snapshot_on order by b.last_order_on) as recency_rank,
        rank() over (partition by b.snapshot_on order by b.frequency) as frequency_rank,
        rank() over (partition by b.snapshot_on order by b.gross_spend - b.refunded_amount) as monetary_rank
    from buyers as b
),

scored_buyers as (
    select
        r.*,
        1 + cast(floor(cast(5 * (r.recency_rank - 1) as double) / cast(r.buyers as double)) as integer)
            as recency_score,
        1 + cast(floor(cast(5 * (r.frequency_rank - 1) as double) / cast(r.buyers as double)) as integer)
            as frequency_score,
        1 + cast(floor(cast(5 * (r.monetary_rank - 1) as double) / cast(r.buyers as double)) as integer)
            as monetary_score
    from ranked_buyers as r
    where substr(r.customer_key, 1, 4) < :sample_below
),

orders_as_of as (
    select
        b.snapshot_on,
        date_diff('day', o.order_date, b.snapshot_on) as days_ago,
        o.is_purchase and o.order_date = b.first_order_on as is_first_day,
        o.is_purchase and o.order_date = b.last_order_on as is_last_day,
        o.*
    from scored_buyers as b
    inner join sequenced_orders as o
        on b.customer_key = o.customer_key
        and b.snapshot_on >= o.order_date
        and b.snapshot_on >= o.valid_from
        and b.snapshot_on <= o.known_on
),

history_measures as (
    select
        snapshot_on,
        customer_key,
        count(*) filter (where is_purchase) as orders,
        count(*) filter (where is_purchase and gap_days > 0) as gap_count,
        coalesce(sum(gap_days) filter (where is_purchase), 0) as gap_sum_days,
        coalesce(sum(gap_days * gap_days) filter (where is_purchase), 0) as gap_sum_squares,
        max(gap_days) filter (where is_purchase and gap_days > 0) as gap_longest_days,
        max(gap_days) filter (where is_last_day and gap_days > 0) as gap_last_days,
        count(*) filter (where is_purchase and days_ago < 30) as orders_30d,
        count(*) filter (where is_purchase and days_ago < 90) as orders_90d,
        count(*) filter (where is_purchase and days_ago < 180) as orders_180d,
        count(*) filter (where is_purchase and days_ago < 365) as orders_365d,
        coalesce(sum(net_reporting) filter (where is_purchase and days_ago < 30), 0) as spend_30d,
        coalesce(sum(net_reporting) filter (where is_purchase and days_ago < 90), 0) as spend_90d,
        coalesce(sum(net_reporting) filter (where is_purchase and days_ago < 180), 0) as spend_180d,
        coalesce(sum(net_reporting) filter (where is_purchase and days_ago < 365), 0) as spend_365d,
        count(*) filter (where is_purchase and days_ago between 365 - :horizon_days and 364) as orders_same_season,
        sum(net_reporting) filter (where is_first_day) as first_order_amount,
        sum(net_reporting) filter (where is_last_day) as last_order_amount,
        max(net_reporting) filter (where is_purchase) as largest_order_amount,
        sum(discount_reporting) filter (where is_purchase) as discount_amount,
        count(*) filter (where is_purchase and discount_reporting > 0) as discounted_orders,
        count(*) filter (where is_kept and is_refund) as refunded_orders,
        count(*) filter (where is_credit_note) as credit_notes,
        count(*) filter (where is_cancelled) as cancelled_orders,
        max(refunded_on) filter (where is_refund) as last_refund_on,
        sum(line_count) filter (where is_purchase) as lines,
        max_by(country, position) filter (where is_purchase and country is not null) as country,
        max_by(channel, position) filter (where is_purchase and channel is not null) as channel
    from orders_as_of
    group by snapshot_on, customer_key
),

bought_lines as (
    select
        k.customer_key,
        k.valid_from,
        k.known_on,
        k.order_date,
        k.position,
        coalesce(l.sku, l.product) as article,
        l.category
    from order_lines_runs as l
    inner join sequenced_orders as k on l.source = k.source and l.order_id = k.order_id
    where l.as_of = :as_of
        and l.run_id = :run_id
        and k.is_purchase
        and substr(k.customer_key, 1, 4) < :sample_below
),

first_bought as (
    select customer_key, valid_from, known_on, article, min(order_date) as order_date
    from bought_lines
    where article is not null
    group by customer_key, valid_from, known_on, article
),

new_articles as (
    select customer_key, valid_from, known_on, order_date, count(*) as articles
    from first_bought
    group by customer_key, valid_from, known_on, order_date
),

articles_as_of as (
    select d.snapshot_on, n.customer_key, sum(n.articles) as products
    from new_articles as n
    inner join dates as d
        on n.order_date <= d.snapshot_on and n.valid_from <= d.snapshot_on and n.known_on >= d.snapshot_on
    group by d.snapshot_on, n.customer_key
),

category_orders as (
    select distinct customer_key, valid_from, known_on, order_date, position, category
    from bought_lines
    where category is not null
),

category_days as (
    select customer_key, valid_from, known_on, category, order_date, count(*) as orders
    from category_orders
    group by customer_key, valid_from, known_on, category, order_date
),

categories_as_of as (
    select
        d.snapshot_on,
        c.customer_key,
        c.category,
        row_number() over (
            partition by d.snapshot_on, c.customer_key
            order by sum(c.orders) desc, max(c.order_date) desc, c.category
        ) as position
    from category_days as c
    inner join dates as d
        on c.order_date <= d.snapshot_on and c.valid_from <= d.snapshot_on and c.known_on >= d.snapshot_on
    group by d.snapshot_on, c.customer_key, c.category
),

favourites as (
    select
        snapshot_on,
        customer_key,
        count(*) as categories,
        max(category) filter (where position = 1) as favourite_category
    from categories_as_of
    group by snapshot_on, customer_key
),

-- What followed is judged as it was known when the horizon ended. A credit note is no purchase, but money back.
outcomes as (
    select
        d.snapshot_on,
        o.customer_key,
        count(*) filter (where o.is_sale) as orders,
        sum(
            o.gross_reporting
            - case
                when date_diff('day', d.snapshot_on, o.refund_known_on) <= :horizon_days then o.refunded_reporting
                else 0
            end
        ) as net_spend
    from customer_orders as o
    inner join dates as d on date_diff('day', d.snapshot_on, o.order_date) between 1 and :horizon_days
    where (
            o.is_credit_note
            or (o.is_sale and (o.void_on is null or date_diff('day', d.snapshot_on, o.void_on) > :horizon_days))
        )
        and substr(o.customer_key, 1, 4) < :sample_below
    group by d.snapshot_on, o.customer_key
),

final as (
    select
        b.snapshot_on,
        b.customer_key,
        b.first_order_on,
        b.last_order_on,
        cast(date_diff('day', b.last_order_on, b.snapshot_on) as integer) as recency_days,
        cast(date_diff('day', b.first_order_on, b.snapshot_on) as integer) as tenure_days,
        cast(b.frequency as integer) as frequency,
        cast(h.orders as integer) as orders,
        cast(b.gross_spend as decimal(18, 4)) as gross_spend,
        cast(b.refunded_amount as decimal(18, 4)) as refunded_amount,
        cast(b.gross_spend - b.refunded_amount as decimal(18, 4)) as monetary_value,
        cast(h.gap_count as integer) as gap_count,
        cast(h.gap_sum_days as integer) as gap_sum_days,
        cast(h.gap_sum_squares as bigint) as gap_sum_squares,
        cast(h.gap_longest_days as integer) as gap_longest_days,
        cast(h.gap_last_days as integer) as gap_last_days,
        cast(h.orders_30d as integer) as orders_30d,
        cast(h.orders_90d as integer) as orders_90d,
        cast(h.orders_180d as integer) as orders_180d,
        cast(h.orders_365d as integer) as orders_365d,
        cast(h.spend_30d as decimal(18, 4)) as spend_30d,
        cast(h.spend_90d as decimal(18, 4)) as spend_90d,
        cast(h.spend_180d as decimal(18, 4)) as spend_180d,
        cast(h.spend_365d as decimal(18, 4)) as spend_365d,
        cast(h.orders_same_season as integer) as orders_same_season,
        cast(h.first_order_amount as decimal(18, 4)) as first_order_amount,
        cast(h.last_order_amount as decimal(18, 4)) as last_order_amount,
        cast(h.largest_order_amount as decimal(18, 4)) as largest_order_amount,
        cast(h.discount_amount as decimal(18, 4)) as discount_amount,
        cast(h.discounted_orders as integer) as discounted_orders,
        cast(h.refunded_orders as integer) as refunded_orders,
        cast(h.credit_notes as integer) as credit_notes,
        cast(h.cancelled_orders as integer) as cancelled_orders,
        h.last_refund_on,
        cast(h.lines as integer) as lines,
        cast(coalesce(a.products, 0) as integer) as products,
        cast(coalesce(f.categories, 0) as integer) as categories,
        f.favourite_category,
        h.country,
        h.channel,
        b.recency_score,
        b.frequency_score,
        b.monetary_score,
        s.segment,
        case
            when date_diff('day', b.snapshot_on, :as_of) >= :horizon_days then cast(coalesce(o.orders, 0) as integer)
        end as horizon_orders,
        case
            when date_diff('day', b.snapshot_on, :as_of) >= :horizon_days
                then cast(coalesce(o.net_spend, 0) as decimal(18, 4))
        end as horizon_spend
    from scored_buyers as b
    inner join history_measures as h on b.snapshot_on = h.snapshot_on and b.customer_key = h.customer_key
    inner join segments as s
        on b.recency_score = s.recency_score
        and cast(ceil(cast(b.frequency_score + b.monetary_score as double) / 2) as integer) = s.value_score
    left join articles_as_of as a on b.snapshot_on = a.snapshot_on and b.customer_key = a.customer_key
    left join favourites as f on b.snapshot_on = f.snapshot_on and b.customer_key = f.customer_key
    left join outcomes as o on b.snapshot_on = o.snapshot_on and b.customer_key = o.customer_key
)

select * from final
