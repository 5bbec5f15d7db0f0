"""Facts and nudges → what was found beside an incident: the incident bus → diagnosis queue → diagnosis.

Knows which facts are worth a look, and which logs may be read. Refuses to know what is found.
"""

from aws_cdk import CfnParameter, Duration, Stack
from aws_cdk.aws_lambda_event_sources import SqsEventSource
from constructs import Construct

from diagnosis.settings import DiagnosisSettings
from infra import rights
from infra.queues import WorkQueue
from infra.surroundings import Surroundings

NAME = "diagnosis"
# A look takes a second or two, and six at most for its logs; the logs of a batch take twenty.
TIMEOUT = Duration.seconds(120)
BATCH = 10
# A storm comes as one batch rather than as many; nobody waits for a look.
GATHERED = Duration.seconds(1)
# FilterLogEvents is asked by every console and tool of the account out of one allowance of a few calls a second.
AT_ONCE = 2
# A merge and a split give an incident other alarms, and so does taking one back; what was split off has never been
# looked at. What somebody says was changed stands beside the other changes; another cause has another past.
WORTH_A_LOOK = (
    "incident.opened.v1",
    "incident.reopened.v1",
    "incident.alarm_recorded.v1",
    "incident.merged.v1",
    "incident.split.v1",
    "incident.undone.v1",
    "incident.change_noted.v1",
    "incident.cause_named.v1",
)


class Diagnosis(Construct):
    """The queue and the room behind it."""

    def __init__(self, scope: Construct, around: Surroundings) -> None:
        super().__init__(scope, "Diagnosis")
        self.work = WorkQueue(self, "Work", room_timeout=TIMEOUT, operators=around.operators)
        around.bus.deliver("ToDiagnosis", self.work, list(WORTH_A_LOOK))
        queues = {"DIAGNOSIS_QUEUE_URL": self.work.queue.queue_url}
        self.room = around.room(self, NAME, DiagnosisSettings, timeout=TIMEOUT, memory=512, queues=queues)
        self.room.function.add_event_source(
            SqsEventSource(
                self.work.queue,
                batch_size=BATCH,
                max_batching_window=GATHERED,
                max_concurrency=AT_ONCE,
                report_batch_item_failures=True,
            )
        )
        rights.keep_diagnoses(self.room, around.data)
        rights.read_registry(self.room, around.data)
        rights.read_metrics(self.room)
        rights.search_logs(self.room, self._log_groups())
        rights.send_to(self.room, self.work)

    def _log_groups(self) -> str:
        """Rows name their log groups long after the deployment; whoever deploys says how far that may reach."""
        parameter = CfnParameter(
            Stack.of(self),
            "LogGroups",
            default="*",
            min_length=1,
            allowed_pattern=r"[A-Za-z0-9_/.#*?-]{1,512}",
            description="The log groups that Deadair may search for errors when a row names one; * and ? stand in.",
        )
        return parameter.value_as_string
