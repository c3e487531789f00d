/* ---
title = "Every Kubernetes cluster, with its version and who reaches its API"
description = """
Clusters of EKS, AKS and GKE side by side. What a provider's answer does not tell is empty. Versions out of support
fail checks of VM-04, open APIs those of NW-04.
"""
tables = ["inventory.resources"]

[[parameters]]
name = "provider"
type = "text"
default = ""
description = "Only this cloud (aws, azure, gcp); all without it."

[[columns]]
name = "provider"
description = "The cloud."

[[columns]]
name = "scope_id"
description = "The account, subscription or project."

[[columns]]
name = "region"
description = "The region."

[[columns]]
name = "resource_key"
description = "The cluster."

[[columns]]
name = "name"
description = "Its name."

[[columns]]
name = "version"
description = "The version of its control plane."

[[columns]]
name = "private_api"
description = "true where the API has a private endpoint alone, false where it has a public one."

[[columns]]
name = "created_at"
description = "When it was created, where the provider says so."
--- */
SELECT
    provider,
    scope_id,
    region,
    resource_key,
    name,
    CASE type
        WHEN 'AWS::EKS::Cluster' THEN config ->> '$.DescribeCluster.cluster.version'
        WHEN 'microsoft.containerservice/managedclusters' THEN
            coalesce(
                config ->> '$.properties.currentKubernetesVersion', config ->> '$.properties.kubernetesVersion'
            )
        ELSE config ->> '$.currentMasterVersion'
    END AS version,
    CASE type
        WHEN 'AWS::EKS::Cluster' THEN
            CASE config ->> '$.DescribeCluster.cluster.resourcesVpcConfig.endpointPublicAccess'
                WHEN 'true' THEN 'false'
                WHEN 'false' THEN 'true'
            END
        WHEN 'microsoft.containerservice/managedclusters' THEN
            config ->> '$.properties.apiServerAccessProfile.enablePrivateCluster'
        ELSE config ->> '$.privateClusterConfig.enablePrivateEndpoint'
    END AS private_api,
    created_at
FROM inventory.resources
WHERE type IN ('AWS::EKS::Cluster', 'microsoft.containerservice/managedclusters', 'container.googleapis.com/Cluster')
    AND coalesce(getvariable('provider'), '') IN ('', provider)
ORDER BY provider, scope_id, region, resource_key;
