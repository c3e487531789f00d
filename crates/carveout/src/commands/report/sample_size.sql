/* The largest sample that the scenario asks for of this control, in the cloud that is meant or for all of them. */
SELECT max(sample_size) AS sample_size
FROM scoping.obligations
WHERE scenario = getvariable('scenario')
    AND control_id = getvariable('control')
    AND (getvariable('party') IN ('', party_id) OR party_id = 'organization');
