"""The one stack: shared parts first, then one construct per room, then the outputs.

Knows the order of wiring. Refuses to know a room's trigger or rights; `infra/rooms` does.
"""

from aws_cdk import CfnOutput, DefaultStackSynthesizer, Stack
from aws_cdk.aws_iam import PolicyStatement, ServicePrincipal
from aws_cdk.aws_lambda import Architecture, LayerVersion
from aws_cdk.aws_sns import Topic
from constructs import Construct

from infra.api import Api
from infra.assets import code_asset, dependency_asset
from infra.bus import IncidentBus
from infra.config import Stage
from infra.data import Data
from infra.room import RUNTIME, RoomCode
from infra.rooms.alarm_intake import AlarmIntake
from infra.rooms.alarm_provisioner import AlarmProvisioner
from infra.rooms.change_intake import ChangeIntake
from infra.rooms.diagnosis import Diagnosis
from infra.rooms.escalation import Escalation
from infra.rooms.fact_relay import FactRelay
from infra.rooms.notifier import Notifier
from infra.rooms.postmortem_writer import PostmortemWriter
from infra.rooms.reminders import Reminders
from infra.rooms.signal_intake import SignalIntake
from infra.rooms.slack_commands import SlackCommands
from infra.rooms.tracker import Tracker
from infra.rooms.watchdog import Watchdog, drill_alarm
from infra.rooms.web import Web
from infra.surroundings import Surroundings, setting_values
from infra.watching import watch_everything


class DeadairStack(Stack):
    """Everything that one deployment of Deadair needs."""

    def __init__(self, scope: Construct, stage: Stage) -> None:
        super().__init__(
            scope,
            stage.stack_name,
            description="Deadair: incidents and postmortems for integrations that fail silently.",
            synthesizer=DefaultStackSynthesizer(generate_bootstrap_version_rule=stage.bootstrapped),
            termination_protection=stage.keep_data,
        )
        self.drill = drill_alarm(self, stage)
        self.around = self._surroundings(stage)
        self.intake = AlarmIntake(self, self.around)
        self.relay = FactRelay(self, self.around)
        self.notifier = Notifier(self, self.around)
        self.escalation = Escalation(self, self.around)
        self.writer = PostmortemWriter(self, self.around)
        self.slack = SlackCommands(self, self.around)
        self.signals = SignalIntake(self, self.around)
        self.provisioner = AlarmProvisioner(self, self.around, intake=self.intake.work)
        self.diagnosis = Diagnosis(self, self.around)
        self.changes = ChangeIntake(self, self.around, diagnosis=self.diagnosis.work)
        self.web = Web(self, self.around, signals=self.signals.work, changes=self.changes.work, intake=self.intake.work)
        self.reminders = Reminders(self, self.around)
        self.tracker = Tracker(self, self.around)
        self.watchdog = Watchdog(self, self.around, drill=self.drill)
        watch_everything(self, self.around.operators)
        for name, value in self._outputs().items():
            CfnOutput(self, name, value=value)

    def _surroundings(self, stage: Stage) -> Surroundings:
        data = Data(self, "Data", stage=stage)
        bus = IncidentBus(self, "IncidentFacts", stage=stage)
        api = Api(self, "Api", stage=stage)
        return Surroundings(
            stage=stage,
            data=data,
            bus=bus,
            api=api,
            operators=self._operators(),
            code=self._code(stage),
            values=setting_values(self, stage, data, bus, api) | {"DRILL_ALARM": self.drill.alarm_name},
        )

    def _operators(self) -> Topic:
        """Where the alarms about Deadair itself go; subscribe an address to it after the deployment."""
        topic = Topic(self, "Operators", enforce_ssl=True, display_name="Deadair needs an operator")
        topic.add_to_resource_policy(
            PolicyStatement(
                sid="AlarmsOfThisStack",
                principals=[ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": self.account}},
            )
        )
        return topic

    def _code(self, stage: Stage) -> RoomCode:
        asset = code_asset(compiled=stage.bundles_dependencies)
        if not stage.bundles_dependencies:
            return RoomCode(asset=asset)
        layer = LayerVersion(
            self,
            "Dependencies",
            code=dependency_asset(),
            compatible_runtimes=[RUNTIME],
            compatible_architectures=[Architecture.ARM_64],
            description="The locked dependencies of all rooms.",
        )
        return RoomCode(asset=asset, layers=(layer,))

    def _outputs(self) -> dict[str, str]:
        """What operators, the local runner and the tests find the deployment by."""
        return {
            "IncidentsTable": self.around.data.incidents.table_name,
            "RegistryTable": self.around.data.registry.table_name,
            "IntakeQueueUrl": self.intake.work.queue.queue_url,
            "IntakeDeadLetterUrl": self.intake.work.dead_letters.queue.queue_url,
            "AlarmTopicArn": self.intake.topic.topic_arn,
            "OperatorTopicArn": self.around.operators.topic_arn,
            "IncidentBus": self.around.bus.bus.event_bus_name,
            "KnowledgeBucket": self.around.data.knowledge.bucket_name,
            "HttpApiUrl": self.around.api.url,
            "NotifierQueueUrl": self.notifier.work.queue.queue_url,
            "NotifierDeadLetterUrl": self.notifier.work.dead_letters.queue.queue_url,
            "PostmortemWriterQueueUrl": self.writer.work.queue.queue_url,
            "PostmortemWriterDeadLetterUrl": self.writer.work.dead_letters.queue.queue_url,
            "DiagnosisQueueUrl": self.diagnosis.work.queue.queue_url,
            "DiagnosisDeadLetterUrl": self.diagnosis.work.dead_letters.queue.queue_url,
            "ProvisionerQueueUrl": self.provisioner.work.queue.queue_url,
            "ProvisionerDeadLetterUrl": self.provisioner.work.dead_letters.queue.queue_url,
            "ChangeIntakeQueueUrl": self.changes.work.queue.queue_url,
            "ChangeIntakeDeadLetterUrl": self.changes.work.dead_letters.queue.queue_url,
            "SignalQueueUrl": self.signals.work.queue.queue_url,
            "SignalDeadLetterUrl": self.signals.work.dead_letters.queue.queue_url,
            "EscalationQueueUrl": self.escalation.work.queue.queue_url,
            "EscalationDeadLetterUrl": self.escalation.work.dead_letters.queue.queue_url,
            "KeptQueueUrl": self.slack.kept.queue.queue_url,
            "KeptDeadLetterUrl": self.slack.kept.dead_letters.queue.queue_url,
            "RemindersQueueUrl": self.reminders.work.queue.queue_url,
            "RemindersDeadLetterUrl": self.reminders.work.dead_letters.queue.queue_url,
            "TrackerQueueUrl": self.tracker.work.queue.queue_url,
            "TrackerDeadLetterUrl": self.tracker.work.dead_letters.queue.queue_url,
            "WatchdogQueueUrl": self.watchdog.work.queue.queue_url,
            "WatchdogDeadLetterUrl": self.watchdog.work.dead_letters.queue.queue_url,
            "AlarmPrefix": self.around.stage.alarm_prefix,
            "MetricNamespace": self.around.stage.metric_namespace,
        }
