#!/bin/sh
# Makes the two roles in the account of the present AWS credentials, or brings them up to date. Needs the AWS CLI and jq.
#
#   DASHBOARD_ROLE   ARN of the role the dashboard runs with
#   EXTERNAL_ID      the externalId of this account's targets
#   REGIONS          Regions of the targets, separated by blanks
#   CLUSTERS         clusters to show; '*' where not set
#   PASSED_ROLES     ARNs, or patterns, of the task and execution roles of the services
set -euf
: "${DASHBOARD_ROLE:?}" "${EXTERNAL_ID:?}" "${REGIONS:?}" "${PASSED_ROLES:?}" "${CLUSTERS:=*}"

here=$(cd "$(dirname "$0")" && pwd)
account=$(aws sts get-caller-identity --query Account --output text)

# Prints a policy with every text that holds a placeholder once for each of its values.
filled() {
  jq --arg account "$account" --arg regions "$REGIONS" --arg clusters "$CLUSTERS" --arg passed "$PASSED_ROLES" \
    --arg dashboard "$DASHBOARD_ROLE" --arg external "$EXTERNAL_ID" '
    def fill($placeholder; $values):
      if contains($placeholder) then . as $text | $values[] as $value | $text | split($placeholder) | join($value) else . end;
    def words: split(" ") | map(select(. != ""));
    walk(if type == "array" then [.[] | if type == "string" then
        fill("REGION"; $regions | words) | fill("ACCOUNT"; [$account]) | fill("CLUSTER"; $clusters | words)
        | fill("PASSED_ROLE"; $passed | words) | fill("DASHBOARD_ROLE"; [$dashboard]) | fill("EXTERNAL_ID"; [$external])
      else . end] else . end)' "$here/$1-policy.json"
}

trust=$(filled trust)
for name in reader writer; do
  role="ecs-rollback-$name"
  if aws iam get-role --role-name "$role" >/dev/null 2>&1; then
    aws iam update-assume-role-policy --role-name "$role" --policy-document "$trust"
  else
    aws iam create-role --role-name "$role" --max-session-duration 3600 --assume-role-policy-document "$trust" >/dev/null
  fi
  aws iam put-role-policy --role-name "$role" --policy-name "$role" --policy-document "$(filled "$name")"
  echo "${name}Role: arn:aws:iam::$account:role/$role"
done
