-- Live resources by what is used. A service is told apart where the provider owns more of one way to run it than of
-- another (service_owners.csv).
WITH used AS (
    SELECT
        provider,
        CASE
            WHEN type = 'AWS::EKS::Nodegroup' THEN 'eks-nodegroup'
            WHEN type = 'AWS::ECS::Service'
                AND coalesce(
                    config ->> '$.DescribeServices.services[0].launchType',
                    config ->> '$.DescribeServices.services[0].capacityProviderStrategy[0].capacityProvider'
                ) LIKE 'FARGATE%' THEN 'ecs-fargate'
            WHEN type = 'AWS::ECS::TaskDefinition'
                AND (config ->> '$.DescribeTaskDefinition.taskDefinition.requiresCompatibilities[0]') = 'FARGATE'
                THEN 'ecs-fargate'
            WHEN type = 'AWS::ECS::Cluster'
                AND (config ->> '$.DescribeClusters.clusters[0].registeredContainerInstancesCount') = '0'
                THEN 'ecs-fargate'
            WHEN type = 'container.googleapis.com/Cluster' AND (config ->> '$.autopilot.enabled') = 'true'
                THEN 'gke-autopilot'
            ELSE service
        END AS service,
        type AS type_name,
        service_model
    FROM inventory.resources
)
SELECT provider, service, type_name, service_model, count(*) AS resources
FROM used
GROUP BY provider, service, type_name, service_model
ORDER BY provider, service, type_name, service_model;
