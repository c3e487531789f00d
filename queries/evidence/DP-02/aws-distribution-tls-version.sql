/* ---
title = "Distribution accepts TLS 1.2 and later only"
description = """
Old protocol versions can be broken. Looks at the lowest version of the viewer certificate; the certificate of
CloudFront itself still accepts TLS 1.0.
"""
tables = ["inventory.resources"]

[check]
control = "DP-02"
criteria = ["CC6.7", "C1.1"]
provider = "aws"
resource_type = "AWS::CloudFront::Distribution"
--- */
WITH distributions AS (
    SELECT
        resource_key,
        (config ->> '$.ViewerCertificate.CloudFrontDefaultCertificate') = 'true' AS has_default_certificate,
        config ->> '$.ViewerCertificate.MinimumProtocolVersion' AS version
    FROM inventory.resources
    WHERE type = 'AWS::CloudFront::Distribution'
)
SELECT
    resource_key,
    CASE
        WHEN has_default_certificate THEN 'fail'
        WHEN version IS NULL THEN 'unknown'
        WHEN regexp_matches(version, '^TLSv1\.[23]') THEN 'pass'
        ELSE 'fail'
    END AS status,
    CASE
        WHEN has_default_certificate THEN 'the default certificate accepts TLS 1.0'
        WHEN version IS NULL THEN 'no lowest version is stated'
        WHEN regexp_matches(version, '^TLSv1\.[23]') THEN 'lowest version ' || version
        ELSE 'lowest version ' || version
    END AS reason
FROM distributions
ORDER BY resource_key;
