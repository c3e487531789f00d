# A custom role on the root management group, and application permissions of Microsoft Graph, for one service principal.
#
#   carveout permissions azure > permissions.json

terraform {
  required_version = ">= 1.5"
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = ">= 4.0"
    }
    azuread = {
      source  = "hashicorp/azuread"
      version = ">= 3.0"
    }
  }
}

variable "management_group_id" {
  description = "The root management group: /providers/Microsoft.Management/managementGroups/<tenant id>"
  type        = string
}

variable "principal_object_id" {
  description = "The service principal that runs carveout"
  type        = string
}

variable "permissions_file" {
  description = "What `carveout permissions azure` printed"
  type        = string
  default     = "permissions.json"
}

locals {
  permissions = jsondecode(file(var.permissions_file))
}

resource "azurerm_role_definition" "carveout" {
  name        = local.permissions.role.Name
  description = local.permissions.role.Description
  scope       = var.management_group_id
  permissions {
    actions = local.permissions.role.Actions
  }
  assignable_scopes = [var.management_group_id]
}

resource "azurerm_role_assignment" "carveout" {
  scope              = var.management_group_id
  role_definition_id = azurerm_role_definition.carveout.role_definition_resource_id
  principal_id       = var.principal_object_id
}

data "azuread_application_published_app_ids" "well_known" {}

data "azuread_service_principal" "graph" {
  client_id = data.azuread_application_published_app_ids.well_known.result["MicrosoftGraph"]
}

resource "azuread_app_role_assignment" "graph" {
  for_each            = toset(local.permissions.microsoft_graph.application_permissions)
  app_role_id         = data.azuread_service_principal.graph.app_role_ids[each.value]
  principal_object_id = var.principal_object_id
  resource_object_id  = data.azuread_service_principal.graph.object_id
}
