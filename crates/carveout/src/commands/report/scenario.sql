SELECT scenario, coalesce(categories, []) AS categories, report_type, period_start, period_end
FROM scoping.scenarios
WHERE scenario = getvariable('scenario');
