-- How many items a population has, by cloud.
SELECT listed.provider, count(*) AS items
FROM (
SELECT_OF_POPULATION
) AS listed
GROUP BY listed.provider
ORDER BY listed.provider;
