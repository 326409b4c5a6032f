with campaigns as (
    select *
    from campaigns_runs
    where as_of = :as_of and run_id = :run_id
),

measures as (
    select customer_key, last_order_on, churn_probability, spend_if_active, value_at_risk
    from campaign_measures_runs
    where as_of = :as_of and run_id = :run_id
),

fits as (
    select campaign, rule, customer_key
    from campaign_fits_runs
    where as_of = :as_of and run_id = :run_id
),

permissions as (
    select customer_key, refused_because
    from contact_permissions_runs
    where as_of = :as_of and run_id = :run_id
),

arms as (
    select customer_key, arm
    from customer_arms_runs
    where as_of = :as_of and run_id = :run_id
),

identity_map as (
    select identity_key, customer_key
    from identities_runs
    where as_of = :as_of and run_id = :run_id
),

episodes_before as (
    select
        e.campaign,
        e.campaign_group,
        coalesce(i.customer_key, e.customer_key) as customer_key,
        e.entered_on,
        e.left_on,
        e.arm,
        e.arm_reason,
        e.last_order_on,
        e.offer
    from campaign_episodes_runs as e
    left join identity_map as i on e.customer_key = i.identity_key
    where e.as_of = :previous_as_of and e.run_id = :previous_run_id
),

-- of people who turned out to be one, the older episode goes on
open_before as (
    select
        e.*,
        row_number() over (partition by e.campaign_group, e.customer_key order by e.entered_on, e.campaign, e.arm) as nth
    from episodes_before as e
    where e.left_on is null
),

kept as (
    select e.campaign, c.campaign_group, e.customer_key, e.entered_on, e.arm, e.arm_reason, e.offer
    from open_before as e
    inner join campaigns as c on e.campaign = c.campaign
    inner join fits as f on e.campaign = f.campaign and e.customer_key = f.customer_key and f.rule = 'stays'
    inner join measures as m on e.customer_key = m.customer_key
    inner join permissions as p on e.customer_key = p.customer_key
    inner join arms as a on e.customer_key = a.customer_key
    where e.nth = 1
        and not (a.arm = 'control' and e.arm = 'treatment')
        and not (a.arm = 'treatment' and coalesce(e.arm_reason, '') = 'global')
        and (p.refused_because is null or (p.refused_because = 'ordered_since' and not c.ends_on_purchase))
        and (not c.ends_on_purchase or m.last_order_on <= e.last_order_on)
        and date_diff('day', e.entered_on, :as_of) < c.max_days
),

fitting as (
    select
        c.*,
        m.customer_key,
        m.spend_if_active,
        m.value_at_risk,
        row_number() over (partition by c.campaign order by m.value_at_risk desc, m.customer_key) as value_rank,
        count(*) over (partition by c.campaign) as candidates
    from fits as f
    inner join campaigns as c on f.campaign = c.campaign
    inner join measures as m on f.customer_key = m.customer_key
    where f.rule = 'enters'
),

in_slice as (
    select
        f.*,
        row_number() over (partition by f.customer_key, f.campaign_group order by f.priority) as choice
    from fitting as f
    where 100 * (f.value_rank - 1) >= f.value_from_pct * f.candidates
        and 100 * (f.value_rank - 1) < f.value_to_pct * f.candidates
),

left_before as (
    select campaign_group, customer_key, max(left_on) as left_on
    from episodes_before
    where left_on is not null
    group by campaign_group, customer_key
),

candidates as (
    select
        s.*,
        cast(
            cast(s.spend_if_active as double) * s.expected_lift / 100
            * :margin_hundredths / 10000
            - cast(s.contact_cost as double) as decimal(18, 4)
        ) as expected_profit,
        case
            when p.refused_because is not null then p.refused_because
            when date_diff('day', l.left_on, :as_of) < s.again_after_days then 'cooling_off'
        end as refused_because
    from in_slice as s
    inner join permissions as p on s.customer_key = p.customer_key
    left join kept as k on s.campaign_group = k.campaign_group and s.customer_key = k.customer_key
    left join left_before as l on s.campaign_group = l.campaign_group and s.customer_key = l.customer_key
    where s.choice = 1 and k.customer_key is null
),

recent_contacts as (
    select e.customer_key, count(*) as contacts
    from episodes_before as e
    left join campaigns as c on e.campaign = c.campaign
    where date_diff('day', e.entered_on, :as_of) < :contact_window_days and coalesce(c.counts_as_contact, true)
    group by e.customer_key
),

worth_it as (
    select
        c.*,
        coalesce(n.contacts, 0) as contacts,
        case
            when c.refused_because is not null then c.refused_because
            when c.contact_cost > 0 and c.expected_profit <= 0 then 'does_not_pay'
            when c.counts_as_contact and n.contacts >= :max_contacts then 'contact_cap'
        end as unfit_because
    from candidates as c
    left join recent_contacts as n on c.customer_key = n.customer_key
),

kept_sizes as (
    select campaign, count(*) as members
    from kept
    group by campaign
),

with_room as (
    select
        p.*,
        case
            when p.unfit_because is not null then p.unfit_because
            when coalesce(z.members, 0) + row_number() over (
                partition by p.campaign, p.unfit_because is null
                order by p.value_at_risk desc, p.customer_key
            ) > p.max_members then 'list_full'
        end as crowded_out_because
    from worth_it as p
    left join kept_sizes as z on p.campaign = z.campaign
),

-- control members use up contacts as if they were contacted
within_cap as (
    select
        r.*,
        case
            when r.crowded_out_because is not null then r.crowded_out_because
            when r.counts_as_contact and r.contacts + row_number() over (
                partition by r.customer_key, r.crowded_out_because is null and r.counts_as_contact
                order by r.priority
            ) > :max_contacts then 'contact_cap'
        end as excluded_because
    from with_room as r
),

-- another draw for each campaign, from other digits of the pseudonym
drawn as (
    select
        w.*,
        a.arm as global_arm,
        mod(
            (
                (strpos('0123456789abcdef', substr(w.customer_key, 21, 1)) - 1) * 1048576
                + (strpos('0123456789abcdef', substr(w.customer_key, 22, 1)) - 1) * 65536
                + (strpos('0123456789abcdef', substr(w.customer_key, 23, 1)) - 1) * 4096
                + (strpos('0123456789abcdef', substr(w.customer_key, 24, 1)) - 1) * 256
                + (strpos('0123456789abcdef', substr(w.customer_key, 25, 1)) - 1) * 16
                + strpos('0123456789abcdef', substr(w.customer_key, 26, 1)) - 1
            ) * cast(w.control_multiplier as bigint) + w.control_offset,
            65537
        ) as bucket
    from within_cap as w
    inner join arms as a on w.customer_key = a.customer_key
),

entering as (
    select
        campaign,
        campaign_group,
        customer_key,
        :as_of as entered_on,
        case
            when excluded_because is not null then 'excluded'
            when global_arm = 'control' or bucket < control_pct / 100 * 65537 then 'control'
            else 'treatment'
        end as arm,
        case
            when excluded_because is not null then excluded_because
            when global_arm = 'control' then 'global'
            when bucket < control_pct / 100 * 65537 then 'campaign'
        end as arm_reason,
        offer
    from drawn
),

members as (
    select * from kept
    union all
    select campaign, campaign_group, customer_key, entered_on, arm, arm_reason, offer from entering
),

final as (
    select
        b.campaign,
        b.customer_key,
        case
            when b.arm <> 'excluded' then row_number() over (
                partition by b.campaign, b.arm
                order by m.value_at_risk desc, b.customer_key
            )
        end as position,
        b.arm,
        b.arm_reason,
        b.entered_on,
        b.entered_on = :as_of and b.arm <> 'excluded' as is_new,
        b.campaign_group as cause,
        b.offer,
        m.value_at_risk,
        cast(
            cast(m.spend_if_active as double) * c.expected_lift / 100
            * :margin_hundredths / 10000
            - cast(c.contact_cost as double) as decimal(18, 4)
        ) as expected_profit,
        m.churn_probability,
        date_diff('day', b.entered_on, :as_of) as days_on_list
    from members as b
    inner join campaigns as c on b.campaign = c.campaign
    inner join measures as m on b.customer_key = m.customer_key
)

select * from final
