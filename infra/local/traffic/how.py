"""The ways to fail, by name. Imports nothing slow: the command offers them before it needs a stack."""

from enum import StrEnum


class How(StrEnum):
    """The failure classes that can be played."""

    AUTH = "auth"
    RATE_LIMIT = "rate_limit"
    VENDOR_ERROR = "vendor_error"
    EMPTY_SUCCESS = "empty_success"
    VERSION = "version"
    SCHEMA = "schema"
    WEBHOOK = "webhook"
    SILENCE = "silence"
    LATENCY = "latency"
