SELECT service_model, layer, owner, source
FROM controls.responsibility
WHERE criterion_id IS NULL AND party_id IS NULL
ORDER BY service_model, layer, owner;
