SELECT organizations.report_id, organizations.name, organizations.method, organizations.services
FROM parties.subservice_organizations AS organizations
INNER JOIN parties.reports AS reports ON reports.report_id = organizations.report_id
ORDER BY reports.party_id NULLS LAST, organizations.report_id, organizations.name;
