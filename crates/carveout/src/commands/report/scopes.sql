SELECT
    scopes.provider,
    scopes.scope_id,
    scopes.kind,
    scopes.name,
    scopes.status,
    count(resources.resource_key) AS resources
FROM inventory.scopes AS scopes
LEFT JOIN inventory.resources AS resources
    ON resources.provider = scopes.provider AND resources.scope_id = scopes.scope_id
GROUP BY scopes.provider, scopes.scope_id, scopes.kind, scopes.name, scopes.status
ORDER BY scopes.provider, scopes.scope_id;
