with inputs as (
    select ingest_id, input_rank
    from run_inputs_runs
    where as_of = :as_of and run_id = :run_id
),

identity_map as (
    select identity_key, customer_key
    from identities_runs
    where as_of = :as_of and run_id = :run_id
),

buyers as (
    select distinct customer_key
    from orders_runs
    where as_of = :as_of and run_id = :run_id and customer_key is not null
),

answers as (
    select r.*, i.input_rank
    from survey_responses as r
    inner join inputs as i on r.ingest_id = i.ingest_id
    where r.answered_on <= :as_of
),

answers_by_key as (
    select ingest_id, record_no, question, email_key as identity_key, 1 as key_rank from answers
    union all
    select ingest_id, record_no, question, platform_key as identity_key, 2 as key_rank from answers
    union all
    select ingest_id, record_no, question, phone_key as identity_key, 3 as key_rank from answers
),

-- whose answer it is: the person known from orders, by whichever key
persons as (
    select
        k.ingest_id,
        k.record_no,
        k.question,
        coalesce(m.customer_key, k.identity_key) as customer_key,
        row_number() over (
            partition by k.ingest_id, k.record_no, k.question
            order by case when b.customer_key is null then 1 else 0 end, k.key_rank
        ) as nth
    from answers_by_key as k
    left join identity_map as m on k.identity_key = m.identity_key
    left join buyers as b on coalesce(m.customer_key, k.identity_key) = b.customer_key
    where k.identity_key is not null
),

ranked as (
    select
        p.customer_key,
        a.question,
        a.answered_on,
        a.score,
        a.theme,
        row_number() over (
            partition by p.customer_key, a.question
            order by a.answered_at desc, a.input_rank desc, a.record_no desc
        ) as nth
    from answers as a
    inner join persons as p
        on a.ingest_id = p.ingest_id and a.record_no = p.record_no and a.question = p.question
    where p.nth = 1
),

latest as (
    select
        customer_key,
        max(case when question = 'nps' then answered_on end) as nps_on,
        max(case when question = 'nps' then score end) as nps_score,
        max(case when question = 'nps' then theme end) as nps_theme,
        max(case when question = 'csat' then answered_on end) as csat_on,
        max(case when question = 'csat' then score end) as csat_score,
        max(case when question = 'csat' then theme end) as csat_theme
    from ranked
    where nth = 1
    group by customer_key
),

final as (
    select
        customer_key,
        nps_on,
        nps_score,
        nps_theme,
        csat_on,
        csat_score,
        csat_theme,
        case
            when nps_score <= 6 and (csat_on is null or nps_on >= csat_on) then nps_on
            when csat_score <= 2 and (nps_on is null or csat_on >= nps_on) then csat_on
        end as complained_on
    from latest
)

select * from final
