-- Sales, buyers and refunds per month in the reporting currency; orders without a rate are left out.
select
    cast(date_trunc('month', order_date) as date) as month,
    count(*) as orders,
    count(distinct customer_key) as buyers,
    sum(gross_reporting) as gross,
    sum(refunded_reporting) as refunded
from orders
where is_sale and gross_reporting is not null
group by 1
order by 1 desc
