output "target" {
  description = "What to write under a target of this account in ecs-rollback.yaml, beside externalId."
  value = {
    account    = local.account
    readerRole = aws_iam_role.this["reader"].arn
    writerRole = aws_iam_role.this["writer"].arn
  }
}
