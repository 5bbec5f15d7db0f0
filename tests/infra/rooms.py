"""The rooms of the stack and what each is told; a test compares them with the folders of `functions/`."""

from alarm_intake.settings import IntakeSettings
from alarm_provisioner.settings import ProvisionerSettings
from change_intake.settings import ChangeSettings
from deadair.settings import Settings
from diagnosis.settings import DiagnosisSettings
from escalation.settings import EscalationSettings
from fact_relay.settings import RelaySettings
from notifier.settings import NotifierSettings
from postmortem_writer.settings import WriterSettings
from reminders.settings import RemindersSettings
from signal_intake.settings import SignalSettings
from slack_commands.settings import SlackSettings
from tracker.settings import TrackerSettings
from watchdog.settings import WatchdogSettings
from web.settings import WebSettings

SETTINGS: dict[str, type[Settings]] = {
    "alarm_intake": IntakeSettings,
    "alarm_provisioner": ProvisionerSettings,
    "change_intake": ChangeSettings,
    "diagnosis": DiagnosisSettings,
    "escalation": EscalationSettings,
    "fact_relay": RelaySettings,
    "notifier": NotifierSettings,
    "postmortem_writer": WriterSettings,
    "reminders": RemindersSettings,
    "signal_intake": SignalSettings,
    "slack_commands": SlackSettings,
    "tracker": TrackerSettings,
    "watchdog": WatchdogSettings,
    "web": WebSettings,
}
ROOMS = sorted(SETTINGS)
