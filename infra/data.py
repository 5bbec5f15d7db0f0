"""What must outlive everything: the two tables and the knowledge bucket.

Knows keys, indexes, streams, backups and encryption. Refuses to know who reads or writes.
"""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk.aws_dynamodb import (
    Attribute,
    AttributeType,
    BillingMode,
    PointInTimeRecoverySpecification,
    ProjectionType,
    StreamViewType,
    Table,
    TableEncryption,
)
from aws_cdk.aws_s3 import BlockPublicAccess, Bucket, BucketEncryption, LifecycleRule, ObjectOwnership
from constructs import Construct

from infra.config import Stage
from infra.findings import accept

# Lists of the incidents table: open and past incidents, and the incidents of one integration.
INCIDENT_INDEXES = ("by_state", "by_integration")


class Data(Construct):
    """The incidents table, the registry table and the knowledge bucket."""

    def __init__(self, scope: Construct, name: str, *, stage: Stage) -> None:
        super().__init__(scope, name)
        self._stage = stage
        self.incidents = self._table("Incidents", StreamViewType.NEW_IMAGE, expires="expires_at")
        for index in INCIDENT_INDEXES:
            self._index(index)
        self.registry = self._table("Registry", StreamViewType.NEW_AND_OLD_IMAGES)
        self.knowledge = self._bucket()

    def _table(self, name: str, stream: StreamViewType, *, expires: str | None = None) -> Table:
        return Table(
            self,
            name,
            partition_key=_text("pk"),
            sort_key=_text("sk"),
            billing_mode=BillingMode.PAY_PER_REQUEST,
            stream=stream,
            time_to_live_attribute=expires,
            encryption=TableEncryption.AWS_MANAGED,
            point_in_time_recovery_specification=PointInTimeRecoverySpecification(point_in_time_recovery_enabled=True),
            deletion_protection=self._stage.keep_data,
            removal_policy=self._removal,
        )

    def _index(self, name: str) -> None:
        partition, sort = index_keys(name)
        self.incidents.add_global_secondary_index(
            index_name=name,
            partition_key=_text(partition),
            sort_key=_text(sort),
            projection_type=ProjectionType.ALL,
        )

    def _bucket(self) -> Bucket:
        bucket = Bucket(
            self,
            "Knowledge",
            encryption=BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            versioned=True,
            block_public_access=BlockPublicAccess.BLOCK_ALL,
            object_ownership=ObjectOwnership.BUCKET_OWNER_ENFORCED,
            # Documents, templates and raw events stay. The index is written anew with each publication and can be made
            # from the documents: what was replaced would otherwise be kept, and paid for, for ever.
            lifecycle_rules=[
                LifecycleRule(abort_incomplete_multipart_upload_after=Duration.days(7)),
                LifecycleRule(
                    prefix="index/",
                    noncurrent_version_expiration=Duration.days(7),
                    expired_object_delete_marker=True,
                ),
            ],
            removal_policy=self._removal,
        )
        accept(
            bucket,
            "AwsSolutions-S1",
            "Only this stack's rooms read the bucket; the timeline and the immutable versions say who published what. "
            "Server access logs would need a second bucket that nobody reads; turn on CloudTrail data events "
            "where every read has to be accounted for.",
        )
        return bucket

    @property
    def _removal(self) -> RemovalPolicy:
        return RemovalPolicy.RETAIN if self._stage.keep_data else RemovalPolicy.DESTROY


def index_keys(index: str) -> tuple[str, str]:
    """The partition and sort key of an index: `by_state` is keyed by `state_pk` and `state_sk`."""
    word = index.removeprefix("by_")
    return f"{word}_pk", f"{word}_sk"


def _text(name: str) -> Attribute:
    return Attribute(name=name, type=AttributeType.STRING)
