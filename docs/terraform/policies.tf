# The policies of ../iam with this account's names in place of the placeholders. A text that holds a placeholder becomes
# one for each of its values.

locals {
  names = {
    REGION         = var.regions
    ACCOUNT        = [local.account]
    CLUSTER        = var.clusters
    PASSED_ROLE    = var.passed_roles
    DASHBOARD_ROLE = [var.dashboard_role]
    EXTERNAL_ID    = [var.external_id]
  }

  shipped = {
    for name in ["reader", "writer", "trust"] :
    name => jsondecode(replace(file("${path.module}/../iam/${name}-policy.json"), "arn:aws:", "arn:${local.partition}:"))
  }

  # Every combination of the names a text may hold.
  places = setproduct(local.names.REGION, local.names.ACCOUNT, local.names.CLUSTER)

  policies = {
    for name, policy in local.shipped : name => jsonencode({
      Version = policy.Version
      Statement = [
        for statement in policy.Statement : merge(
          { for member, value in statement : member => value if contains(["Sid", "Effect", "Action"], member) },
          { for member, value in statement : member => local.filled[jsonencode(value)] if member == "Resource" },
          { for member, value in statement : member => { for key, list in value : key => local.filled[jsonencode(list)] } if member == "Principal" },
          { for member, value in statement : member => {
            for operator, keys in value : operator => { for key, list in keys : key => local.filled[jsonencode(list)] }
          } if member == "Condition" },
        )
      ]
    })
  }

  # Every list of texts in the policies, with its names filled in.
  lists = distinct(flatten([
    for policy in values(local.shipped) : [
      for statement in policy.Statement : concat(
        [for member, value in statement : jsonencode(value) if member == "Resource"],
        flatten([for member, value in statement : [for key, list in value : jsonencode(list)] if member == "Principal"]),
        flatten([for member, value in statement : [for operator, keys in value : [for key, list in keys : jsonencode(list)]] if member == "Condition"]),
      )
    ]
  ]))

  filled = {
    for list in local.lists : list => distinct(flatten([
      for text in jsondecode(list) :
      text == "PASSED_ROLE" ? sort(tolist(local.names.PASSED_ROLE)) :
      text == "DASHBOARD_ROLE" ? local.names.DASHBOARD_ROLE :
      text == "EXTERNAL_ID" ? local.names.EXTERNAL_ID :
      [for place in local.places : replace(replace(replace(text, "REGION", place[0]), "ACCOUNT", place[1]), "CLUSTER", place[2])]
    ]))
  }
}
