"""Fixtures for every test: the session's local stack."""

pytest_plugins = ["tests.stack"]
