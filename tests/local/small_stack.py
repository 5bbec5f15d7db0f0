"""A small stack of the real one's shape, as a cloud assembly, without the CDK: it starts in two seconds.

intake rule and topic → queue → `worker` → table → stream → `relay` → bus → queue → `reader`; an HTTP API in front of
`echo`. Everything that arrives is written into the table, with the moment when the function saw it.
"""

import json
from pathlib import Path
from typing import Any

STACK = "Deadair-local"

WORKER = """
import os, time, boto3
table = boto3.client("dynamodb")

def handler(event, context):
    failed = []
    for record in event["Records"]:
        if "poison" in record["body"]:
            failed.append({"itemIdentifier": record["messageId"]})
            continue
        seen = {"S": repr(time.time())}
        item = {"pk": {"S": "worker"}, "sk": {"S": record["messageId"]}, "body": {"S": record["body"]}, "seen": seen}
        table.put_item(TableName=os.environ["TABLE"], Item=item)
    return {"batchItemFailures": failed}
"""
RELAY = """
import json, os, boto3
events = boto3.client("events")

def handler(event, context):
    for record in event["Records"]:
        key = record["dynamodb"]["NewImage"]["sk"]["S"]
        events.put_events(Entries=[{"EventBusName": os.environ["BUS"], "Source": "deadair", "DetailType": "seen.v1",
                                    "Detail": json.dumps({"key": key})}])
    return {"batchItemFailures": []}
"""
READER = """
import json, os, time, boto3
table = boto3.client("dynamodb")

def handler(event, context):
    for record in event["Records"]:
        key = json.loads(record["body"])["detail"]["key"]
        item = {"pk": {"S": "reader"}, "sk": {"S": key}, "seen": {"S": repr(time.time())}}
        table.put_item(TableName=os.environ["TABLE"], Item=item)
"""
NOTHING = """
def handler(event, context):
    return {"batchItemFailures": []}
"""
ECHO = """
import base64, json

def handler(event, context):
    if event["rawPath"] == "/binary":
        return {"statusCode": 200, "headers": {"content-type": "application/octet-stream"},
                "body": base64.b64encode(bytes(range(256))).decode(), "isBase64Encoded": True}
    return {"statusCode": 201, "headers": {"content-type": "application/json", "x-kept": "yes"},
            "cookies": ["a=1; Path=/", "b=2; Path=/"], "body": json.dumps(event)}
"""
FUNCTIONS = {"worker": WORKER, "relay": RELAY, "reader": READER, "nothing": NOTHING, "echo": ECHO}


def write_assembly(folder: Path, *, version: str = "1") -> Path:
    """Write template, manifest and code; another `version` is another code asset."""
    code = folder / f"asset.{version}"
    code.mkdir(parents=True, exist_ok=True)
    for name, text in FUNCTIONS.items():
        (code / f"{name}.py").write_text(f"VERSION = {version!r}\n{text}", encoding="utf-8")
    source = {"path": code.name, "packaging": "zip"}
    place = {"bucketName": "assets-${AWS::AccountId}-${AWS::Region}", "objectKey": f"{version}.zip"}
    manifest = {"files": {version: {"source": source, "destinations": {"here": place}}}}
    (folder / f"{STACK}.assets.json").write_text(json.dumps(manifest), encoding="utf-8")
    (folder / f"{STACK}.template.json").write_text(json.dumps(template(version)), encoding="utf-8")
    return folder


def template(version: str) -> dict[str, Any]:
    """The CloudFormation template."""
    resources = {
        "Table": _table(),
        "Role": _role(),
        "Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": "facts"}},
        "Kept": _archive(),
        "Topic": {"Type": "AWS::SNS::Topic", "Properties": {}},
        "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {}},
        **_queue("Intake"),
        **_queue("Reading"),
        **_queue("Empty"),
        **{name.capitalize(): _function(name, version) for name in FUNCTIONS},
        "Alarms": _rule("default", {"source": ["deadair.local"]}, "Intake"),
        "Facts": _rule({"Ref": "Bus"}, {"source": ["deadair"]}, "Reading"),
        "Subscription": {
            "Type": "AWS::SNS::Subscription",
            "Properties": {"TopicArn": {"Ref": "Topic"}, "Protocol": "sqs", "Endpoint": _arn("Intake")},
        },
        "WorkerMapping": _mapping("Worker", _arn("Intake")),
        "ReaderMapping": _mapping("Reader", _arn("Reading")),
        "NothingMapping": _mapping("Nothing", _arn("Empty")),
        "RelayMapping": _stream_mapping(),
        **_api(),
    }
    outputs = {
        "IncidentsTable": {"Ref": "Table"},
        "IntakeQueueUrl": {"Ref": "Intake"},
        "EmptyQueueUrl": {"Ref": "Empty"},
        "IntakeDeadLetterUrl": {"Ref": "IntakeDead"},
        "AlarmTopicArn": {"Ref": "Topic"},
        "KnowledgeBucket": {"Ref": "Bucket"},
    }
    return {"Resources": resources, "Outputs": {name: {"Value": value} for name, value in outputs.items()}}


def _arn(name: str) -> dict[str, Any]:
    return {"Fn::GetAtt": [name, "Arn"]}


def _table() -> dict[str, Any]:
    keys = (("pk", "HASH"), ("sk", "RANGE"))
    return {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name, _ in keys],
            "KeySchema": [{"AttributeName": name, "KeyType": kind} for name, kind in keys],
            "StreamSpecification": {"StreamViewType": "NEW_IMAGE"},
        },
    }


def _role() -> dict[str, Any]:
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = {"Version": "2012-10-17", "Statement": [trust]}
    return {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": document}}


def _archive() -> dict[str, Any]:
    pattern = {"source": ["deadair"]}
    return {"Type": "AWS::Events::Archive", "Properties": {"SourceArn": _arn("Bus"), "EventPattern": pattern}}


def _queue(name: str) -> dict[str, Any]:
    redrive = {"deadLetterTargetArn": _arn(f"{name}Dead"), "maxReceiveCount": 2}
    return {
        f"{name}Dead": {"Type": "AWS::SQS::Queue", "Properties": {}},
        name: {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": 3, "RedrivePolicy": redrive}},
    }


def _function(name: str, version: str) -> dict[str, Any]:
    return {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Runtime": "python3.13",
            "Architectures": ["arm64"],
            "TracingConfig": {"Mode": "Active"},
            "Handler": f"{name}.handler",
            "Role": _arn("Role"),
            "Timeout": 10,
            "Code": {"S3Bucket": {"Fn::Sub": "assets-${AWS::AccountId}-${AWS::Region}"}, "S3Key": f"{version}.zip"},
            "Environment": {"Variables": {"TABLE": {"Ref": "Table"}, "BUS": {"Ref": "Bus"}}},
        },
    }


def _rule(bus: Any, pattern: dict[str, Any], queue: str) -> dict[str, Any]:
    targets = [{"Arn": _arn(queue), "Id": "queue"}]
    return {
        "Type": "AWS::Events::Rule",
        "Properties": {"EventBusName": bus, "EventPattern": pattern, "State": "ENABLED", "Targets": targets},
    }


def _mapping(function: str, source: dict[str, Any]) -> dict[str, Any]:
    return {
        "Type": "AWS::Lambda::EventSourceMapping",
        "Properties": {
            "FunctionName": {"Ref": function},
            "EventSourceArn": source,
            "BatchSize": 10,
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
        },
    }


def _stream_mapping() -> dict[str, Any]:
    mapping = _mapping("Relay", {"Fn::GetAtt": ["Table", "StreamArn"]})
    only_worker = json.dumps({"eventName": ["INSERT"], "dynamodb": {"NewImage": {"pk": {"S": ["worker"]}}}})
    filters = {"Filters": [{"Pattern": only_worker}]}
    mapping["Properties"] |= {"StartingPosition": "TRIM_HORIZON", "BatchSize": 100, "FilterCriteria": filters}
    return mapping


def _api() -> dict[str, Any]:
    uri = {"Fn::GetAtt": ["Echo", "Arn"]}
    integration = {"IntegrationType": "AWS_PROXY", "IntegrationUri": uri, "PayloadFormatVersion": "2.0"}
    target = {"Fn::Join": ["/", ["integrations", {"Ref": "Integration"}]]}
    of_api = {"ApiId": {"Ref": "Api"}}
    return {
        "Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "api", "ProtocolType": "HTTP"}},
        "Integration": {"Type": "AWS::ApiGatewayV2::Integration", "Properties": of_api | integration},
        "Route": {
            "Type": "AWS::ApiGatewayV2::Route",
            "Properties": of_api | {"RouteKey": "$default", "Target": target},
        },
        "Stage": {
            "Type": "AWS::ApiGatewayV2::Stage",
            "Properties": of_api | {"StageName": "$default", "AutoDeploy": True},
        },
    }
