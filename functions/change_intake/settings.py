"""What the change room needs to know about its surroundings, and which events of AWS it understands."""

from dataclasses import dataclass

from deadair.settings import Settings

# Detail types, as AWS writes them.
STACKS = "CloudFormation Stack Status Change"
DEPLOYMENTS = "CodeDeploy Deployment State-change Notification"
PIPELINES = "CodePipeline Action Execution State Change"
PARAMETERS = "Parameter Store Change"
CALLS, SERVICE = "AWS API Call via CloudTrail", "AWS Service Event via CloudTrail"
# A call's name as CloudTrail writes it may end in the version of its API.
VERSIONED = ("UpdateFunctionCode", "UpdateFunctionConfiguration", "UpdateAlias")


@dataclass(frozen=True, kw_only=True)
class ChangeSettings(Settings):
    """`diagnosis_queue_url` is where an open incident is named that is to be looked at again."""

    incidents_table: str
    registry_table: str
    diagnosis_queue_url: str
