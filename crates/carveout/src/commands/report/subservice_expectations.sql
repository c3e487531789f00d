SELECT report_id, csoc_ref, organization, coalesce(criteria, []) AS criteria, description
FROM parties.subservice_controls
ORDER BY report_id, csoc_ref, description;
