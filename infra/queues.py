"""A queue that loses nothing: it has a dead-letter queue, and an alarm on it.

Knows retention, redelivery and encryption. Refuses to know who sends or receives.
"""

from aws_cdk import Duration
from aws_cdk.aws_cloudwatch import Alarm, ComparisonOperator, TreatMissingData
from aws_cdk.aws_cloudwatch_actions import SnsAction
from aws_cdk.aws_sns import ITopic
from aws_cdk.aws_sqs import DeadLetterQueue, Queue, QueueEncryption
from constructs import Construct

KEPT_WAITING = Duration.days(4)
# The longest that SQS keeps a message. A dead letter keeps its first enqueue time, so this must exceed the source's.
KEPT_DEAD = Duration.days(14)
# AWS advises at least five, so that throttling alone does not dead-letter a good message.
DELIVERIES = 5
# AWS advises six times the function's timeout, so that no message is delivered while it is still worked on.
VISIBILITY_FACTOR = 6


class DeadLetters(Construct):
    """The place of messages that could not be worked, watched by an alarm from the first one on."""

    def __init__(self, scope: Construct, name: str, *, operators: ITopic, in_order: bool = False) -> None:
        super().__init__(scope, name)
        self.queue = Queue(
            self,
            "Queue",
            encryption=QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=KEPT_DEAD,
            fifo=in_order or None,
        )
        self.alarm = Alarm(
            self,
            "Alarm",
            metric=self.queue.metric_approximate_number_of_messages_visible(
                period=Duration.minutes(1), statistic="Maximum"
            ),
            threshold=0,
            comparison_operator=ComparisonOperator.GREATER_THAN_THRESHOLD,
            evaluation_periods=1,
            # SQS reports nothing for a queue that has been idle for hours; idle is healthy here.
            treat_missing_data=TreatMissingData.NOT_BREACHING,
            alarm_description=f"{self.node.path}: a message could not be worked. Mend the cause, then redrive it.",
        )
        self.alarm.add_alarm_action(SnsAction(operators))


class WorkQueue(Construct):
    """A queue in front of one room, with its dead letters. `room_timeout` decides the redelivery.

    `in_order` keeps the order within each group of messages. `deliveries` is for rooms that ask for delays themselves.
    """

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        room_timeout: Duration,
        operators: ITopic,
        in_order: bool = False,
        deliveries: int = DELIVERIES,
    ) -> None:
        super().__init__(scope, name)
        self.dead_letters = DeadLetters(self, "DeadLetters", operators=operators, in_order=in_order)
        self.queue = Queue(
            self,
            "Queue",
            encryption=QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=KEPT_WAITING,
            visibility_timeout=Duration.seconds(int(room_timeout.to_seconds()) * VISIBILITY_FACTOR),
            dead_letter_queue=DeadLetterQueue(queue=self.dead_letters.queue, max_receive_count=deliveries),
            fifo=in_order or None,
        )
