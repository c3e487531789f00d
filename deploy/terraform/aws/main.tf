# The role that carveout assumes in every account. Apply it in each account (a StackSet or a loop over providers), and let the
# identity that runs carveout assume it.
#
#   carveout permissions aws > policy.json

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

variable "trusted_arn" {
  description = "The identity that runs carveout: arn:aws:iam::111122223333:role/carveout"
  type        = string
}

variable "external_id" {
  description = "A text that the caller has to give, the same as external_id in carveout.toml"
  type        = string
  sensitive   = true
}

variable "policy_file" {
  description = "What `carveout permissions aws` printed"
  type        = string
  default     = "policy.json"
}

data "aws_iam_policy_document" "trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = [var.trusted_arn]
    }
    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = [var.external_id]
    }
  }
}

resource "aws_iam_role" "carveout" {
  name                 = "carveout-read"
  description          = "Read-only: inventory for SOC 2 scoping"
  assume_role_policy   = data.aws_iam_policy_document.trust.json
  max_session_duration = 3600
}

# A managed policy of its own: the list is too long for an inline one to stay legible.
resource "aws_iam_policy" "carveout" {
  name   = "carveout-read"
  policy = file(var.policy_file)
}

resource "aws_iam_role_policy_attachment" "carveout" {
  role       = aws_iam_role.carveout.name
  policy_arn = aws_iam_policy.carveout.arn
}

output "role_arn" {
  value = aws_iam_role.carveout.arn
}
