"""Believable write-ups of old incidents, and which of them answer which question.

Made for the relevance test: several causes per integration, several integrations per cause, so that no single
word gives the answer away. Grades: 2 is what the person looked for, 1 would help.
"""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from deadair.domain.document import Document

BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)
WRITEUPS = Path(__file__).with_name("writeups.json")
QUESTIONS: dict[str, dict[str, int]] = {
    "oauth token expired": {"INC-9": 2, "INC-1": 1, "INC-17": 1},
    "hubspot 401": {"INC-1": 2},
    "api quota exceeded by import": {"INC-2": 2, "INC-11": 1},
    "who handled the unsubscribe delay": {"INC-6": 2, "INC-7": 1},
    "webhook signature rejected": {"INC-10": 2, "INC-20": 1, "INC-5": 1},
    "duplicate leads": {"INC-5": 2},
    "certificate": {"INC-17": 2},
    "form submissions not arriving in marketo": {"INC-4": 2, "INC-5": 1},
    "api version sunset google": {"INC-8": 2},
    "nothing received but 200 returned": {"INC-7": 2, "INC-19": 2},
    "too many requests": {"INC-11": 2, "INC-2": 2},
    "snowflake late": {"INC-14": 2},
    "required field missing salesforce": {"INC-3": 2},
    "job disabled no alarm": {"INC-16": 2, "INC-4": 1},
    "vendor outage status page green": {"INC-12": 2, "INC-18": 1},
    "wrong date format": {"INC-15": 2},
}


def documents() -> list[Document]:
    """The write-ups as documents, one a day."""
    return [
        Document(
            date=BEGIN + timedelta(days=at),
            owner="Ana Lima" if at % 2 else "Bo Chen",
            tags=tuple(row.pop("tags")),
            **row,
        )
        for at, row in enumerate(json.loads(WRITEUPS.read_text("utf-8")))
    ]
