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

episodes_before as (
    select *
    from episodes_before_runs
    where as_of = :as_of and run_id = :run_id
),

fitting as (
    select
        c.*,
        f.rule,
        m.customer_key,
        m.last_order_on,
        m.churn_probability,
        m.value_at_risk,
        cast(
            cast(m.spend_if_active as double) * c.expected_lift / 100
            * :margin_hundredths / 10000
            - cast(c.contact_cost as double) as decimal(18, 4)
        ) as expected_profit
    from campaign_fits_runs as f
    inner join campaigns as c on f.campaign = c.campaign
    inner join measures as m on f.customer_key = m.customer_key
    where f.as_of = :as_of and f.run_id = :run_id
),

-- what a contact earns is known where the shop has said what it costs
valued as (
    select f.*, case when f.contact_cost > 0 then f.expected_profit end as known_profit
    from fitting as f
),

-- of people who turned out to be one, the older episode goes on
open_before as (
    select
        e.*,
        row_number() over (
            partition by e.campaign_group, e.customer_key
            order by e.entered_on, e.campaign, e.arm, e.earlier_key
        ) as nth
    from episodes_before as e
    where e.left_on is null
),

kept as (
    select
        f.campaign,
        f.campaign_group,
        f.customer_key,
        e.entered_on,
        e.arm,
        e.arm_reason,
        e.offer,
        f.value_at_risk,
        f.expected_profit,
        f.known_profit,
        f.churn_probability
    from open_before as e
    inner join valued as f on e.campaign = f.campaign and e.customer_key = f.customer_key and f.rule = 'stays'
    inner join permissions as p on e.customer_key = p.customer_key
    where e.nth = 1
        and not e.is_against_arm
        and (p.refused_because is null or (p.refused_because = 'ordered_since' and not f.ends_on_purchase))
        and (not f.ends_on_purchase or f.last_order_on <= e.last_order_on)
        and date_diff('day', e.entered_on, :as_of) < f.max_days
),

ranked as (
    select
        v.*,
        coalesce(v.known_profit <= 0, false) as is_at_loss,
        row_number() over (partition by v.campaign order by v.value_at_risk desc, v.customer_key) as value_rank,
        count(*) over (partition by v.campaign) as candidates
    from valued as v
    where v.rule = 'enters'
),

-- the first campaign of a group that a person fits, and in which contacting them pays
in_slice as (
    select
        r.*,
        row_number() over (partition by r.customer_key, r.campaign_group order by r.is_at_loss, r.priority) as choice
    from ranked as r
    where 100 * (r.value_rank - 1) >= r.value_from_pct * r.candidates
        and 100 * (r.value_rank - 1) < r.value_to_pct * r.candidates
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
            when c.is_at_loss then 'does_not_pay'
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
                order by p.known_profit desc, p.value_at_risk desc, p.customer_key
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
        case
            when w.excluded_because is not null then w.excluded_because
            when a.arm = 'control' then 'global'
            when mod(
                (
                    (strpos('0123456789abcdef', substr(w.customer_key, 21, 1)) - 1) * 1048576
                    + (strpos('0123456789abcdef', substr(w.customer_key, 22, 1)) - 1) * 65536
                    + (strpos('0123456789abcdef', substr(w.customer_key, 23, 1)) - 1) * 4096
                    + (strpos('0123456789abcdef', substr(w.customer_key, 24, 1)) - 1) * 256
                    + (strpos('0123456789abcdef', substr(w.customer_key, 25, 1)) - 1) * 16
                    + strpos('0123456789abcdef', substr(w.customer_key, 26, 1)) - 1
                ) * cast(w.control_multiplier as bigint) + w.control_offset,
                :draw_modulus
            ) < w.control_pct / 100 * :draw_modulus then 'campaign'
        end as arm_reason
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
            when arm_reason is not null then 'control'
            else 'treatment'
        end as arm,
        arm_reason,
        offer,
        value_at_risk,
        expected_profit,
        known_profit,
        churn_probability
    from drawn
),

members as (
    select * from kept
    union all
    select * from entering
),

final as (
    select
        campaign,
        customer_key,
        case
            when arm <> 'excluded' then row_number() over (
                partition by campaign, arm
                order by known_profit desc, value_at_risk desc, customer_key
            )
        end as position,
        arm,
        arm_reason,
        entered_on,
        entered_on = :as_of and arm <> 'excluded' as is_new,
        campaign_group as cause,
        offer,
        value_at_risk,
        expected_profit,
        churn_probability,
        date_diff('day', entered_on, :as_of) as days_on_list
    from members
)

select * from final
