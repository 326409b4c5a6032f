-- What each step of the newest nights took and what each gate said.
select as_of, run_id, attempt, entry, verdict, message, rows, seconds, bytes_scanned, cost, started_at
from run_ledger
order by as_of desc, attempt desc, started_at desc, entry
limit 200
