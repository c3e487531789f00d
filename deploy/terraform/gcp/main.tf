# A custom role on the organization for one service account.
#
#   carveout permissions gcp > role.json

terraform {
  required_version = ">= 1.5"
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 6.0"
    }
  }
}

variable "organization_id" {
  description = "The number of the organization"
  type        = string
}

variable "quota_project" {
  description = "The project that the requests count against, the same as quota_project in carveout.toml"
  type        = string
}

variable "role_file" {
  description = "What `carveout permissions gcp` printed"
  type        = string
  default     = "role.json"
}

locals {
  role = jsondecode(file(var.role_file))
}

resource "google_service_account" "carveout" {
  project      = var.quota_project
  account_id   = "carveout-read"
  display_name = "carveout: read-only inventory"
}

resource "google_project_service" "cloudasset" {
  project            = var.quota_project
  service            = "cloudasset.googleapis.com"
  disable_on_destroy = false
}

resource "google_organization_iam_custom_role" "carveout" {
  org_id      = var.organization_id
  role_id     = "carveoutReader"
  title       = local.role.title
  description = local.role.description
  stage       = local.role.stage
  permissions = local.role.includedPermissions
}

resource "google_organization_iam_member" "carveout" {
  org_id = var.organization_id
  role   = google_organization_iam_custom_role.carveout.id
  member = "serviceAccount:${google_service_account.carveout.email}"
}

# The requests count against the quota project.
resource "google_project_iam_member" "quota" {
  project = var.quota_project
  role    = "roles/serviceusage.serviceUsageConsumer"
  member  = "serviceAccount:${google_service_account.carveout.email}"
}
