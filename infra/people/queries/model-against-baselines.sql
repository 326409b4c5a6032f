-- How the model did on days after its training, beside what simpler methods did on the same days.
select metrics.test_on, metrics.population, metrics.metric, metrics.method, metrics.value, metrics.rows, metrics.lost
from model_metrics as metrics
where metrics.population = 'all'
order by metrics.test_on desc, metrics.metric, metrics.value desc, metrics.method
