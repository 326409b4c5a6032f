-- Who changed segment since the night before: from where to where, and why.
select from_segment, to_segment, cause, count(*) as customers
from segment_moves
group by from_segment, to_segment, cause
order by customers desc, from_segment, to_segment, cause
