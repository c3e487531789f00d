/* ---
title = "Party that hosts us has shown its physical access controls"
description = """
Nobody visits the data centres of a cloud: the report of whoever hosts us stands in for badge logs and visitor books. It
has to be current or bridged, test CC6.4 and note no exception there. Where it carves the facility out, the report of
whoever keeps the facility has to be relied on instead. Looks at the newest report of each party.
"""
tables = [
    "inventory.resources",
    "parties.evidence",
    "parties.report_controls",
    "parties.report_exceptions",
    "parties.reports",
    "parties.subservice_controls",
    "parties.third_parties",
]

[check]
control = "PH-01"
criteria = ["CC6.4"]
provider = "any"
resource_type = "third_party"
--- */
WITH hosts AS (
    SELECT party_id
    FROM parties.evidence
    WHERE status IN ('live', 'dormant') AND relation IN ('hosts', 'stores_data')
    UNION
    SELECT DISTINCT CASE provider WHEN 'gcp' THEN 'google-cloud' ELSE provider END AS party_id
    FROM inventory.resources
),
latest_reports AS (
    SELECT report_id, party_id, reliance, coalesce(list_contains(qualified_criteria, 'CC6.4'), false) AS is_qualified
    FROM parties.reports
    WHERE party_id IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY party_id ORDER BY coalesce(period_end, as_of) DESC NULLS LAST, report_id DESC
    ) = 1
),
tested AS (
    SELECT report_id, count(*) AS controls, count(*) FILTER (WHERE list_contains(criteria, 'CC6.4')) AS physical
    FROM parties.report_controls
    GROUP BY report_id
),
excepted AS (
    SELECT report_id, string_agg(DISTINCT control_ref, ', ' ORDER BY control_ref) AS controls
    FROM parties.report_exceptions
    WHERE list_contains(criteria, 'CC6.4')
    GROUP BY report_id
),
carved_out AS (
    SELECT
        assumed.report_id,
        string_agg(DISTINCT coalesce(assumed.organization, assumed.party_id), ', ') AS keepers,
        bool_and(coalesce(kept.reliance IN ('current', 'bridged'), false)) AS are_relied_on
    FROM parties.subservice_controls AS assumed
    LEFT JOIN latest_reports AS kept ON kept.party_id = assumed.party_id
    WHERE list_contains(assumed.criteria, 'CC6.4')
    GROUP BY assumed.report_id
),
judged AS (
    SELECT
        parties.party_id,
        CASE
            WHEN hosts.party_id IS NULL THEN 'hosts nothing'
            WHEN reports.report_id IS NULL THEN 'no report'
            WHEN coalesce(reports.reliance, 'not_evaluable') = 'not_evaluable' THEN 'not evaluable'
            WHEN reports.reliance NOT IN ('current', 'bridged') THEN 'lapsed'
            WHEN reports.is_qualified OR excepted.report_id IS NOT NULL THEN 'excepted'
            WHEN carved_out.are_relied_on THEN 'carved out, relied on'
            WHEN carved_out.report_id IS NOT NULL THEN 'carved out'
            WHEN tested.physical > 0 THEN 'tested'
            WHEN tested.controls > 0 THEN 'not tested'
            ELSE 'tests not recorded'
        END AS found,
        reports.reliance,
        coalesce(excepted.controls, 'a qualified opinion') AS excepted,
        carved_out.keepers,
        tested.physical
    FROM parties.third_parties AS parties
    LEFT JOIN hosts ON hosts.party_id = parties.party_id
    LEFT JOIN latest_reports AS reports ON reports.party_id = parties.party_id
    LEFT JOIN tested ON tested.report_id = reports.report_id
    LEFT JOIN excepted ON excepted.report_id = reports.report_id
    LEFT JOIN carved_out ON carved_out.report_id = reports.report_id
)
SELECT
    party_id AS resource_key,
    CASE
        WHEN found = 'hosts nothing' THEN 'not_applicable'
        WHEN found IN ('not evaluable', 'tests not recorded') THEN 'unknown'
        WHEN found IN ('tested', 'carved out, relied on') THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE found
        WHEN 'hosts nothing' THEN 'it hosts nothing of ours'
        WHEN 'no report' THEN 'no report is held'
        WHEN 'not evaluable' THEN 'the report can''t be judged'
        WHEN 'lapsed' THEN 'the report is ' || reliance
        WHEN 'excepted' THEN 'not clean on CC6.4: ' || excepted
        WHEN 'carved out, relied on' THEN 'carved out to ' || keepers || ', whose report is relied on'
        WHEN 'carved out' THEN 'carved out to ' || keepers || ', and no report of theirs can be relied on'
        WHEN 'tested' THEN 'tests of CC6.4 without exception: ' || physical
        WHEN 'not tested' THEN 'no test of the report is of CC6.4'
        ELSE 'the tests of the report are not recorded'
    END AS reason
FROM judged
ORDER BY resource_key;
