"""How much a request to the embedded AWS matters for the next save: by its head alone. Pure.

Reads change nothing. What only moves the numbers of metrics may wait a minute for its save; everything else may not.
Knows the notations of AWS's protocols, and which of our rooms do nothing but count signals.
"""

import re
from collections.abc import Mapping
from enum import IntEnum

# Whoever only looks must not make us save: the evaluator says so in its user agent.
LOOKS = b"deadair-looks"
_READS = re.compile(r"^(Get|BatchGet|Describe|List|Query|Scan|TransactGet|Head)")
_OPERATION = re.compile(r"/operation/(\w+)$")
_SIGNALS_IN = re.compile(r"/v1/(signals$|heartbeats/)")
# The SDK puts it behind the name that `adjust` gives to each function.
_COUNTING_ROOM = b"app/signal_intake"
_WEB = b"app/web"
# All that the web room sends to a queue are signals; incidents and rows it writes into tables.
_QUEUEING = ("SendMessage", "SendMessageBatch")


class Weight(IntEnum):
    """What a request does to what is saved."""

    NOTHING = 0
    NUMBERS = 1
    STATE = 2


def weight(method: str, path: str, headers: Mapping[bytes, bytes]) -> Weight:
    """The weight of one request. Names of headers are in lower case."""
    agent, action = headers.get(b"user-agent", b""), _action(path, headers)
    if method in {"GET", "HEAD"} and not _SIGNALS_IN.search(path):
        return Weight.NOTHING
    if LOOKS in agent or _READS.match(action):
        return Weight.NOTHING
    numbers = action == "PutMetricData" or _COUNTING_ROOM in agent or (_WEB in agent and action in _QUEUEING)
    return Weight.NUMBERS if numbers or _SIGNALS_IN.search(path) else Weight.STATE


def _action(path: str, headers: Mapping[bytes, bytes]) -> str:
    """`PutItem`, where the protocol names it in the head; the oldest protocol names it in the body only."""
    named = headers.get(b"x-amz-target", b"").decode("ascii", "replace").rpartition(".")[2]
    operation = _OPERATION.search(path)
    return named or (operation.group(1) if operation else "")
