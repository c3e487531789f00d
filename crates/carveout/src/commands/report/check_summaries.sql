SELECT control_id, provider, party_id, check_id, passed, failed, unknown, not_applicable
FROM controls.check_summary
ORDER BY control_id, check_id, party_id;
