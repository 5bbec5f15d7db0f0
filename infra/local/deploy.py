"""Create or update the stack on the embedded AWS with boto3, as `cdk deploy` would on AWS.

Knows CloudFormation's life cycle. Skips the work when the saved stack already carries the same fingerprint: the
fingerprint is a tag of the stack itself, so that it is saved and lost together with what it describes.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from infra.local.assembly import bucket, content, fingerprint
from infra.local.errors import DeployFailed
from infra.local.options import Progress
from infra.local.template import LocalTemplate, Omission, for_local
from infra.synth import Assembly
from infra.target import Clients

_TAG = "deadair:fingerprint"
_DONE = ("CREATE_COMPLETE", "UPDATE_COMPLETE")
_NEVER_LIVED = ("CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED")
_LIMIT_S = 120.0
_TEMPLATE_BUCKET = "deadair-local-templates"


@dataclass(frozen=True)
class Deployed:
    """What is there now: outputs, physical ids by logical id, and what the local stack lacks."""

    outputs: dict[str, str]
    resources: dict[str, tuple[str, str]]
    omissions: tuple[Omission, ...]
    changed: bool

    def physical_id(self, resource_type: str) -> str | None:
        """The physical id of the first resource of that type."""
        return next((physical for kind, physical in self.resources.values() if kind == resource_type), None)


class Deployer:
    """One stack on one embedded AWS."""

    def __init__(self, clients: Clients, stack: str, progress: Progress) -> None:
        self._clients, self._stack, self._progress = clients, stack, progress
        self._cloudformation = clients.get("cloudformation")

    def deploy(self, assembly: Assembly, parameters: Mapping[str, str]) -> Deployed:
        """Bring the stack to the state of the assembly. Raises DeployFailed with CloudFormation's reasons."""
        local = for_local(assembly.template())
        wanted = {name: value for name, value in parameters.items() if name in local.body.get("Parameters", {})}
        mark = fingerprint(assembly, local.body, wanted)
        stack = self._describe()
        if stack and stack["StackStatus"] in _DONE and _tag(stack) == mark:
            return self._deployed(stack, local, changed=False)
        self._upload(assembly)
        self._send(stack, local, wanted, mark)
        return self._deployed(self._wait(), local, changed=True)

    def _upload(self, assembly: Assembly) -> None:
        s3 = self._clients.get("s3")
        assets = assembly.file_assets()
        for name in {_TEMPLATE_BUCKET} | {bucket(asset) for asset in assets}:
            _make_bucket(s3, name)
        self._progress("Uploading the code of the functions")
        for asset in assets:
            s3.put_object(Bucket=bucket(asset), Key=asset.key, Body=content(asset))

    def _send(self, stack: Any, local: LocalTemplate, parameters: Mapping[str, str], mark: str) -> None:
        if stack and stack["StackStatus"] in _NEVER_LIVED:
            self._cloudformation.delete_stack(StackName=self._stack)
            self._wait_until_gone()
            stack = None
        self._clients.get("s3").put_object(Bucket=_TEMPLATE_BUCKET, Key=mark, Body=json.dumps(local.body).encode())
        verb, send = (
            ("Updating", self._cloudformation.update_stack)
            if stack
            else ("Creating", self._cloudformation.create_stack)
        )
        self._progress(f"{verb} {len(local.body['Resources'])} resources")
        send(
            StackName=self._stack,
            TemplateURL=f"{self._clients.endpoint}/{_TEMPLATE_BUCKET}/{mark}",
            Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
            Tags=[{"Key": _TAG, "Value": mark}],
        )

    def _describe(self) -> Any:
        try:
            return self._cloudformation.describe_stacks(StackName=self._stack)["Stacks"][0]
        except ClientError as error:
            if error.response["Error"]["Code"] == "ValidationError":
                return None  # CloudFormation's way to say that there is no such stack
            raise

    def _wait(self) -> Any:
        deadline = time.monotonic() + _LIMIT_S
        while time.monotonic() < deadline:
            stack = self._describe()
            if stack and not stack["StackStatus"].endswith("_IN_PROGRESS"):
                if stack["StackStatus"] in _DONE:
                    return stack
                raise DeployFailed(f"The stack ended as {stack['StackStatus']}.\n{self._reasons()}")
            time.sleep(0.1)
        raise DeployFailed(f"The stack was not ready after {_LIMIT_S:.0f} s.\n{self._reasons()}")

    def _wait_until_gone(self) -> None:
        deadline = time.monotonic() + _LIMIT_S
        while self._describe() and self._describe()["StackStatus"] != "DELETE_COMPLETE":
            if time.monotonic() > deadline:
                raise DeployFailed("The failed stack could not be deleted; remove the state directory.")
            time.sleep(0.1)

    def _reasons(self) -> str:
        events = self._cloudformation.describe_stack_events(StackName=self._stack)["StackEvents"]
        failed = [event for event in events if event["ResourceStatus"].endswith("FAILED")]
        return "\n".join(
            f"  {event['LogicalResourceId']} ({event['ResourceType']}): {event.get('ResourceStatusReason', '')}"
            for event in failed[:8]
        )

    def _deployed(self, stack: Any, local: LocalTemplate, *, changed: bool) -> Deployed:
        pages = self._cloudformation.get_paginator("list_stack_resources").paginate(StackName=self._stack)
        resources = {
            item["LogicalResourceId"]: (item["ResourceType"], item.get("PhysicalResourceId", ""))
            for page in pages
            for item in page["StackResourceSummaries"]
        }
        outputs = {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
        return Deployed(outputs=outputs, resources=resources, omissions=local.omissions, changed=changed)


def _tag(stack: Any) -> str | None:
    return next((tag["Value"] for tag in stack.get("Tags", []) if tag["Key"] == _TAG), None)


def _make_bucket(s3: Any, name: str) -> None:
    try:
        s3.create_bucket(Bucket=name)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
            raise
