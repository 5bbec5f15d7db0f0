"""Fixtures for every test: the session's local stack and browser."""

pytest_plugins = ["tests.stack", "tests.browsing"]
