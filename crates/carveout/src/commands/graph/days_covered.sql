-- Days of the audit period that the reports of each party speak for, on the criterion for which they speak longest.
WITH counted AS (
    SELECT
        party_id,
        criterion_id,
        sum(CASE WHEN class = 'report' THEN days ELSE 0 END) AS report_days,
        sum(CASE WHEN class = 'bridge_letter' THEN days ELSE 0 END) AS letter_days,
        sum(days) AS period_days
    FROM scoping.report_coverage
    WHERE scenario = 'current'
    GROUP BY party_id, criterion_id
)
SELECT
    party_id,
    CAST(report_days AS INTEGER) AS report_days,
    CAST(letter_days AS INTEGER) AS letter_days,
    CAST(period_days AS INTEGER) AS period_days
FROM counted
QUALIFY row_number() OVER (
    PARTITION BY party_id ORDER BY report_days + letter_days DESC, report_days DESC, criterion_id
) = 1
ORDER BY party_id;
