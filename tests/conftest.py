"""Fixtures for every test: the session's local stack, and a browser."""

import sys

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes is a matter of the machine and its neighbours; what may cost how much is claimed by itself.
settings.register_profile("deadair", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("deadair")
# It compares what two worlds show; a failure is to say what differed.
pytest.register_assert_rewrite("tests.rooms.killed")
pytest_plugins = ["tests.stack", "tests.browsing"]
# What a fresh interpreter has.
RECURSION_LIMIT = 1000


def pytest_runtest_setup() -> None:
    """Some library of the local AWS raises the limit when it is imported; what is too deep must not depend on it."""
    sys.setrecursionlimit(RECURSION_LIMIT)
