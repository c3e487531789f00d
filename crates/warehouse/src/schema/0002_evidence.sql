-- What is known of coverage now, across runs (a run of one connector leaves what is known of the others), and what checks
-- found.
CREATE VIEW inventory.latest_coverage AS
SELECT
    coverage.run_id,
    coverage.provider,
    coverage.scope_id,
    coverage.region,
    coverage.type,
    coverage.status,
    coverage.status IN ('denied', 'throttled', 'unreachable', 'error') AS is_gap,
    coverage.resources,
    coverage.error_code,
    coverage.message
FROM inventory.coverage AS coverage
INNER JOIN inventory.runs AS runs ON runs.run_id = coverage.run_id
WHERE runs.finished_at IS NOT NULL
QUALIFY row_number() OVER (
    PARTITION BY coverage.provider, coverage.scope_id, coverage.region, coverage.type
    ORDER BY coverage.run_id DESC
) = 1;
COMMENT ON VIEW inventory.latest_coverage IS 'The last outcome of every unit of crawl work, whichever run it was in.';
COMMENT ON COLUMN inventory.latest_coverage.run_id IS 'The run that tried it last.';
COMMENT ON COLUMN inventory.latest_coverage.provider IS 'aws, azure or gcp.';
COMMENT ON COLUMN inventory.latest_coverage.scope_id IS 'The account, subscription or project; * for all.';
COMMENT ON COLUMN inventory.latest_coverage.region IS 'The region, global, or * for all.';
COMMENT ON COLUMN inventory.latest_coverage.type IS 'The resource type, * for all, or type#detail for a detail call.';
COMMENT ON COLUMN inventory.latest_coverage.status IS 'ok, denied, throttled, unreachable, unsupported, skipped or error.';
COMMENT ON COLUMN inventory.latest_coverage.is_gap IS 'Whether something may be there that was not seen: denied, throttled, unreachable or error. What is not offered (unsupported) or left out on purpose (skipped) is a known fact.';
COMMENT ON COLUMN inventory.latest_coverage.resources IS 'Resources listed.';
COMMENT ON COLUMN inventory.latest_coverage.error_code IS 'The provider''s error code.';
COMMENT ON COLUMN inventory.latest_coverage.message IS 'What failed and what to do about it.';

CREATE VIEW inventory.gaps AS
SELECT
    run_id,
    provider,
    scope_id,
    region,
    type,
    status,
    error_code,
    message
FROM inventory.latest_coverage
WHERE is_gap;
COMMENT ON VIEW inventory.gaps IS 'What could not be seen: resources may be there, or may have changed, and nobody knows.';
COMMENT ON COLUMN inventory.gaps.run_id IS 'The run that tried it last.';
COMMENT ON COLUMN inventory.gaps.provider IS 'aws, azure or gcp.';
COMMENT ON COLUMN inventory.gaps.scope_id IS 'The account, subscription or project; * for all.';
COMMENT ON COLUMN inventory.gaps.region IS 'The region, global, or * for all.';
COMMENT ON COLUMN inventory.gaps.type IS 'The resource type, * for all, or type#detail for a detail call.';
COMMENT ON COLUMN inventory.gaps.status IS 'denied, throttled, unreachable or error.';
COMMENT ON COLUMN inventory.gaps.error_code IS 'The provider''s error code.';
COMMENT ON COLUMN inventory.gaps.message IS 'What failed and what to do about it.';

CREATE VIEW controls.check_summary AS
WITH placed AS (
    SELECT
        checks.control_id,
        checks.check_id,
        checks.provider,
        results.status,
        CASE coalesce(scopes.provider, checks.provider)
            WHEN 'aws' THEN 'aws'
            WHEN 'azure' THEN 'azure'
            WHEN 'gcp' THEN 'google-cloud'
            ELSE parties.party_id
        END AS party_id
    FROM controls.checks AS checks
    LEFT JOIN controls.check_results AS results ON results.check_id = checks.check_id
    -- A check of third parties that could not be carried out is unknown at every one of them.
    LEFT JOIN parties.third_parties AS parties
        ON checks.resource_type = 'third_party' AND results.resource_key IN ('*', parties.party_id)
    -- What is checked in every cloud's scopes counts at the cloud.
    LEFT JOIN inventory.scopes AS scopes
        ON checks.provider = 'any' AND checks.resource_type = 'scope' AND scopes.scope_id = results.resource_key
)
SELECT
    control_id,
    party_id,
    check_id,
    provider,
    count(*) FILTER (WHERE status = 'pass') AS passed,
    count(*) FILTER (WHERE status = 'fail') AS failed,
    count(*) FILTER (WHERE status = 'unknown') AS unknown,
    count(*) FILTER (WHERE status = 'not_applicable') AS not_applicable
FROM placed
GROUP BY control_id, party_id, check_id, provider;
COMMENT ON VIEW controls.check_summary IS 'What each check found at each third party, counted.';
COMMENT ON COLUMN controls.check_summary.control_id IS 'The control that the check is evidence for.';
COMMENT ON COLUMN controls.check_summary.party_id IS 'The cloud whose resources were looked at, or the third party; NULL where a check of third parties found none.';
COMMENT ON COLUMN controls.check_summary.check_id IS 'The check.';
COMMENT ON COLUMN controls.check_summary.provider IS 'aws, azure, gcp, or any where the check looks at third parties.';
COMMENT ON COLUMN controls.check_summary.passed IS 'Resources that pass.';
COMMENT ON COLUMN controls.check_summary.failed IS 'Resources that fail.';
COMMENT ON COLUMN controls.check_summary.unknown IS 'Resources, and places that could not be listed, of which nobody knows.';
COMMENT ON COLUMN controls.check_summary.not_applicable IS 'Resources that the check has no bearing on.';

CREATE TABLE controls.common_tests (
    control_id VARCHAR NOT NULL,
    rests_on VARCHAR NOT NULL
);
COMMENT ON TABLE controls.common_tests IS 'Controls that one common test could serve at several third parties.';
COMMENT ON COLUMN controls.common_tests.control_id IS 'The control.';
COMMENT ON COLUMN controls.common_tests.rests_on IS 'The single implementation that it would rest on (one identity provider in front of every cloud).';

CREATE TABLE scoping.gaps (
    scenario VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    control_id VARCHAR,
    party_id VARCHAR NOT NULL,
    report_id VARCHAR,
    criterion_ids VARCHAR[],
    obligations BIGINT NOT NULL,
    what VARCHAR NOT NULL
);
COMMENT ON TABLE scoping.gaps IS 'What stands between a scenario and its audit. Places that could not be crawled are in inventory.gaps.';
COMMENT ON COLUMN scoping.gaps.scenario IS 'The scenario.';
COMMENT ON COLUMN scoping.gaps.kind IS 'failing_evidence, unknown_evidence, lapsed_reliance, no_report, unowned_cuec or no_evidence.';
COMMENT ON COLUMN scoping.gaps.control_id IS 'The control, where it is about one.';
COMMENT ON COLUMN scoping.gaps.party_id IS 'The third party, or organization for what is shown once, for us.';
COMMENT ON COLUMN scoping.gaps.report_id IS 'The report, where it is about one.';
COMMENT ON COLUMN scoping.gaps.criterion_ids IS 'The criteria that it puts at risk.';
COMMENT ON COLUMN scoping.gaps.obligations IS 'Obligations that rest on it.';
COMMENT ON COLUMN scoping.gaps.what IS 'What is wrong, with the figures.';

-- Comments of version 1 that checks of third parties made too narrow.
COMMENT ON COLUMN controls.checks.provider IS 'aws, azure, gcp, or any where it looks at third parties.';
COMMENT ON COLUMN controls.checks.resource_type IS 'The resource type it looks at; scope for accounts, subscriptions and projects, third_party for third parties.';
COMMENT ON COLUMN controls.check_results.resource_key IS 'The resource, the scope id, or the third party. For a place that could not be listed: provider:scope:region:type.';
