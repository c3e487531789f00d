-- Keeps of an interrupted crawl what ended without a failure after the variable oldest; what is left is crawled again.
BEGIN TRANSACTION;
DELETE FROM stage.units WHERE NOT is_complete OR finished_at < CAST(getvariable('oldest') AS TIMESTAMP);
DELETE FROM stage.resources WHERE unit NOT IN (SELECT unit FROM stage.units);
DELETE FROM stage.observations WHERE unit NOT IN (SELECT unit FROM stage.units);
DELETE FROM stage.coverage WHERE unit NOT IN (SELECT unit FROM stage.units);
DELETE FROM stage.scopes;
COMMIT;
