variable "dashboard_role" {
  description = "ARN of the role the dashboard runs with. It alone may take the two roles."
  type        = string
}

variable "external_id" {
  description = "The externalId of this account's targets in ecs-rollback.yaml. Make one with: uuidgen"
  type        = string
  sensitive   = true

  validation {
    condition     = can(regex("^[\\w+=,.@:/-]{2,}$", var.external_id)) && length(var.external_id) <= 1224
    error_message = "An external id has 2 to 1224 letters, digits and +=,.@:/-"
  }
}

variable "regions" {
  description = "Regions of the targets in this account."
  type        = set(string)
}

variable "clusters" {
  description = "Clusters the dashboard shows; a name may end with *. The default is all."
  type        = set(string)
  default     = ["*"]
}

variable "passed_roles" {
  description = "ARNs of the task and execution roles of the services, as patterns. Older revisions may name roles that today's do not."
  type        = set(string)
}

variable "role_prefix" {
  description = "Begins the names of the two roles."
  type        = string
  default     = "ecs-rollback"
}

variable "permissions_boundary" {
  description = "ARN of a permissions boundary for the two roles, if the account asks for one."
  type        = string
  default     = null
}
