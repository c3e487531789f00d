SELECT label AS organization
FROM graph.nodes
WHERE kind = 'organization'
ORDER BY node_id
LIMIT 1;
