SELECT party_id, name, domain, category, service_model, origin, in_register, relation_strength
FROM parties.third_parties
ORDER BY party_id;
