SELECT
    provider,
    scope_id,
    service,
    service_model,
    count(*) AS resources,
    list_sort(list(DISTINCT region)) AS regions
FROM inventory.resources
GROUP BY provider, scope_id, service, service_model
ORDER BY provider, scope_id, service, service_model;
