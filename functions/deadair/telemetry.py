"""How rooms speak to operators: one JSON line per decision, with ids and without payloads.

Knows Powertools' Logger. Refuses to log events, secrets, signatures or environments, and says nothing by itself.
"""

import logging

from aws_lambda_powertools.logging import Logger


def speak(room: str) -> Logger:
    """The room's logger. The shared core's modules log through the same lines."""
    logger = Logger(service=room)
    core = logging.getLogger("deadair")
    core.handlers = logger.handlers
    core.setLevel(logging.INFO)
    core.propagate = False
    return logger
