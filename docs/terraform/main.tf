# The two roles of one account: one that reads, one that rolls back. Only the dashboard's role may take them.

terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

data "aws_caller_identity" "this" {}
data "aws_partition" "this" {}

locals {
  account   = data.aws_caller_identity.this.account_id
  partition = data.aws_partition.this.partition
}

resource "aws_iam_role" "this" {
  for_each = toset(["reader", "writer"])

  name                 = "${var.role_prefix}-${each.key}"
  description          = "ECS rollback: ${each.key == "reader" ? "reads" : "rolls back one service at a time, for a named person"}"
  assume_role_policy   = local.policies.trust
  max_session_duration = 3600
  permissions_boundary = var.permissions_boundary
}

resource "aws_iam_role_policy" "this" {
  for_each = aws_iam_role.this

  name   = each.value.name
  role   = each.value.id
  policy = local.policies[each.key]
}
