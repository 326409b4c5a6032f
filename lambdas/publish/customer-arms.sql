with people as (
    select customer_key
    from campaign_people_runs
    where as_of = :as_of and run_id = :run_id
),

people_before as (
    select earlier_key, customer_key
    from people_before_runs
    where as_of = :as_of and run_id = :run_id
),

-- of people who turned out to be one, the arm recorded first stays
recorded as (
    select
        p.customer_key,
        a.recorded_on,
        a.arm,
        a.control_pct,
        row_number() over (partition by p.customer_key order by a.recorded_on, p.earlier_key) as nth
    from customer_arms_runs as a
    inner join people_before as p on a.customer_key = p.earlier_key
    where a.as_of = :previous_as_of and a.run_id = :previous_run_id
),

-- the last four hex digits of the pseudonym, as a number from 0 to 65535
drawn as (
    select
        n.customer_key,
        (strpos('0123456789abcdef', substr(n.customer_key, 29, 1)) - 1) * 4096
        + (strpos('0123456789abcdef', substr(n.customer_key, 30, 1)) - 1) * 256
        + (strpos('0123456789abcdef', substr(n.customer_key, 31, 1)) - 1) * 16
        + strpos('0123456789abcdef', substr(n.customer_key, 32, 1)) - 1 as bucket
    from people as n
    left join recorded as r on n.customer_key = r.customer_key
    where r.customer_key is null
),

final as (
    select customer_key, recorded_on, arm, control_pct
    from recorded
    where nth = 1

    union all

    select
        customer_key,
        :as_of as recorded_on,
        case when bucket < :control_buckets then 'control' else 'treatment' end as arm,
        100 * cast(:control_buckets as double) / :buckets as control_pct
    from drawn
)

select * from final
