-- What differs between two runs in terms of the audit. Rows that hold now are in the tables, those that are gone in the
-- schema history, each with the runs that it holds for.
WITH all_parties AS (
    SELECT party_id, relation_strength, valid_from_run, CAST(NULL AS BIGINT) AS valid_to_run FROM parties.third_parties
    UNION ALL
    SELECT party_id, relation_strength, valid_from_run, valid_to_run FROM history.third_parties
),
parties_then AS (
    SELECT party_id, any_value(relation_strength) AS strength
    FROM all_parties
    WHERE valid_from_run <= getvariable('from_run') AND (valid_to_run IS NULL OR valid_to_run > getvariable('from_run'))
    GROUP BY party_id
),
parties_now AS (
    SELECT party_id, any_value(relation_strength) AS strength
    FROM all_parties
    WHERE valid_from_run <= getvariable('to_run') AND (valid_to_run IS NULL OR valid_to_run > getvariable('to_run'))
    GROUP BY party_id
),
party_changes AS (
    SELECT
        1 AS place,
        CASE WHEN parties_then.party_id IS NULL THEN 'new_third_party' ELSE 'lost_third_party' END AS change,
        coalesce(parties_now.party_id, parties_then.party_id) AS subject,
        coalesce(parties_now.party_id, parties_then.party_id) AS party_id,
        CAST(NULL AS VARCHAR) AS resource_key,
        parties_then.strength AS was,
        parties_now.strength AS became
    FROM parties_then
    FULL JOIN parties_now ON parties_now.party_id = parties_then.party_id
    WHERE parties_then.party_id IS NULL OR parties_now.party_id IS NULL
),
all_reports AS (
    SELECT report_id, party_id, reliance, categories, valid_from_run, CAST(NULL AS BIGINT) AS valid_to_run
    FROM parties.reports
    UNION ALL
    SELECT report_id, party_id, reliance, categories, valid_from_run, valid_to_run FROM history.reports
),
relied_on AS (
    SELECT report_id, party_id, unnest(categories) AS category, valid_from_run, valid_to_run
    FROM all_reports
    WHERE party_id IS NOT NULL AND reliance IN ('current', 'bridged')
),
coverage_then AS (
    SELECT party_id, category, string_agg(DISTINCT report_id, ', ' ORDER BY report_id) AS report_ids
    FROM relied_on
    WHERE valid_from_run <= getvariable('from_run') AND (valid_to_run IS NULL OR valid_to_run > getvariable('from_run'))
    GROUP BY party_id, category
),
coverage_now AS (
    SELECT party_id, category, string_agg(DISTINCT report_id, ', ' ORDER BY report_id) AS report_ids
    FROM relied_on
    WHERE valid_from_run <= getvariable('to_run') AND (valid_to_run IS NULL OR valid_to_run > getvariable('to_run'))
    GROUP BY party_id, category
),
coverage_changes AS (
    SELECT
        2 AS place,
        CASE WHEN coverage_now.party_id IS NULL THEN 'report_coverage_lost' ELSE 'report_coverage_gained' END AS change,
        coalesce(coverage_now.category, coverage_then.category) AS subject,
        coalesce(coverage_now.party_id, coverage_then.party_id) AS party_id,
        CAST(NULL AS VARCHAR) AS resource_key,
        coverage_then.report_ids AS was,
        coverage_now.report_ids AS became
    FROM coverage_then
    FULL JOIN coverage_now
        ON coverage_now.party_id = coverage_then.party_id AND coverage_now.category = coverage_then.category
    WHERE coverage_then.party_id IS NULL OR coverage_now.party_id IS NULL
),
all_obligations AS (
    SELECT criterion_id, party_id, treatment, valid_from_run, CAST(NULL AS BIGINT) AS valid_to_run
    FROM scoping.obligations
    WHERE scenario = 'current' AND treatment IN ('customer', 'shared', 'assess')
    UNION ALL
    SELECT criterion_id, party_id, treatment, valid_from_run, valid_to_run
    FROM history.obligations
    WHERE scenario = 'current' AND treatment IN ('customer', 'shared', 'assess')
),
repeated_then AS (
    SELECT criterion_id, party_id, string_agg(DISTINCT treatment, ', ' ORDER BY treatment) AS treatments
    FROM all_obligations
    WHERE valid_from_run <= getvariable('from_run') AND (valid_to_run IS NULL OR valid_to_run > getvariable('from_run'))
    GROUP BY criterion_id, party_id
),
repeated_now AS (
    SELECT criterion_id, party_id, string_agg(DISTINCT treatment, ', ' ORDER BY treatment) AS treatments
    FROM all_obligations
    WHERE valid_from_run <= getvariable('to_run') AND (valid_to_run IS NULL OR valid_to_run > getvariable('to_run'))
    GROUP BY criterion_id, party_id
),
repeat_changes AS (
    SELECT
        3 AS place,
        CASE
            WHEN repeated_then.party_id IS NULL THEN 'criterion_newly_repeated'
            ELSE 'criterion_no_longer_repeated'
        END AS change,
        coalesce(repeated_now.criterion_id, repeated_then.criterion_id) AS subject,
        coalesce(repeated_now.party_id, repeated_then.party_id) AS party_id,
        CAST(NULL AS VARCHAR) AS resource_key,
        repeated_then.treatments AS was,
        repeated_now.treatments AS became
    FROM repeated_then
    FULL JOIN repeated_now
        ON repeated_now.criterion_id = repeated_then.criterion_id AND repeated_now.party_id = repeated_then.party_id
    WHERE repeated_then.party_id IS NULL OR repeated_now.party_id IS NULL
),
all_results AS (
    SELECT check_id, resource_key, status, valid_from_run, CAST(NULL AS BIGINT) AS valid_to_run
    FROM controls.check_results
    UNION ALL
    SELECT check_id, resource_key, status, valid_from_run, valid_to_run FROM history.check_results
),
-- Only results that ended or began in between can differ.
results_then AS (
    SELECT check_id, resource_key, status
    FROM all_results
    WHERE valid_from_run <= getvariable('from_run')
        AND valid_to_run > getvariable('from_run')
        AND valid_to_run <= getvariable('to_run')
),
results_now AS (
    SELECT check_id, resource_key, status
    FROM all_results
    WHERE valid_from_run > getvariable('from_run')
        AND valid_from_run <= getvariable('to_run')
        AND (valid_to_run IS NULL OR valid_to_run > getvariable('to_run'))
),
check_changes AS (
    SELECT DISTINCT
        4 AS place,
        CASE results_now.status
            WHEN 'fail' THEN 'check_newly_failing'
            WHEN 'pass' THEN 'check_newly_passing'
            ELSE 'check_newly_unknown'
        END AS change,
        results_now.check_id AS subject,
        CAST(NULL AS VARCHAR) AS party_id,
        results_now.resource_key,
        results_then.status AS was,
        results_now.status AS became
    FROM results_now
    LEFT JOIN results_then
        ON results_then.check_id = results_now.check_id AND results_then.resource_key = results_now.resource_key
    WHERE results_now.status IN ('fail', 'pass', 'unknown')
        AND results_then.status IS DISTINCT FROM results_now.status
        -- What was never asked before does not newly pass.
        AND (results_now.status <> 'pass' OR results_then.status IS NOT NULL)
),
changes AS (
    SELECT place, change, subject, party_id, resource_key, was, became FROM party_changes
    UNION ALL
    SELECT place, change, subject, party_id, resource_key, was, became FROM coverage_changes
    UNION ALL
    SELECT place, change, subject, party_id, resource_key, was, became FROM repeat_changes
    UNION ALL
    SELECT place, change, subject, party_id, resource_key, was, became FROM check_changes
)
SELECT change, subject, party_id, resource_key, was, became
FROM changes
ORDER BY place, change, subject, party_id, resource_key;
