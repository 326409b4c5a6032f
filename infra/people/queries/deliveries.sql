-- The newest deliveries: what was taken, what was rejected, and why a file was refused.
select
    delivered_at,
    file_name,
    kind,
    verdict,
    reason,
    records_read,
    orders_accepted,
    people_accepted,
    lines_folded,
    duplicates,
    rejected,
    first_order_date,
    last_order_date
from receipts
order by delivered_at desc, file_name
limit 100
