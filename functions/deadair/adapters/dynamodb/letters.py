"""Dead letters of the intake: listed, looked up, claimed by who sends one once more.

Knows that a letter is the outcome of the message that it was, so that it counts as dead-lettered for good, and that it
is one letter however often it fails. Refuses to send anything.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.items import from_item, instant, to_item, when
from deadair.adapters.dynamodb.lists import Page, read_list
from deadair.adapters.dynamodb.many import read_many
from deadair.domain.errors import NotFound, Stale
from deadair.domain.letter import Letter
from deadair.domain.line import Outcome

FIRST_TRY = "outcome = :dead AND attribute_not_exists(tries)"
AS_SEEN = "outcome = :dead AND tries = :seen"
SAME_TRY = "outcome = :dead AND tries = :try"
TOLD = "pk, outcome, incident, reason"


class LetterStore:
    """`client` is a low-level DynamoDB client."""

    def __init__(self, client: Any, table: str) -> None:
        self.client = client
        self.table = table

    def waiting(self, limit: int = 25, before: str = "") -> Page[Letter]:
        """Letters that wait for somebody, newest first."""
        return self._listed(keys.DEAD, limit, before)

    def redriven(self, limit: int = 25, before: str = "") -> Page[Letter]:
        """Letters that were sent once more, the latest first, with what became of each."""
        page = self._listed(keys.REDRIVEN, limit, before)
        return Page(self.with_outcomes(page.items), page.next)

    def get(self, message_id: str) -> Letter:
        """One letter as it is now. Raises NotFound."""
        answer = self.client.get_item(TableName=self.table, Key=keys.outcome(message_id), ConsistentRead=True)
        item = answer.get("Item")
        if item is None or item["outcome"]["S"] != Outcome.DEAD_LETTERED.value or "state_pk" not in item:
            raise NotFound("There is no such dead letter.", field="letter", remedy="/dead-letters")
        return self.with_outcomes([letter_from(item)])[0]

    def with_outcomes(self, letters: Iterable[Letter]) -> list[Letter]:
        """The letters, each with what its last sending became, as far as that is known."""
        told = list(letters)
        wanted = [keys.outcome(letter.redriven_as) for letter in told if letter.redriven_as]
        items = read_many(self.client, self.table, wanted, ProjectionExpression=TOLD) if wanted else []
        found = {f["pk"].removeprefix(keys.MESSAGE): f for f in map(from_item, items)}
        return [_became(letter, found.get(letter.redriven_as, {})) for letter in told]

    def claim(self, letter: Letter, by: str, now: datetime) -> Letter:
        """Say that `by` is about to send it. Raises Stale when somebody else did so since it was read."""
        claimed = replace(letter, tries=letter.tries + 1, redriven_at=now, redriven_by=by, redriven_as="", became="")
        seen = {":seen": letter.tries} if letter.tries else {}
        values = {":at": instant(now), ":by": by, ":tries": claimed.tries} | seen
        change = "SET redriven_at = :at, redriven_by = :by, tries = :tries REMOVE redriven_as"
        self._update(letter.message_id, change, AS_SEEN if seen else FIRST_TRY, values)
        return claimed

    def sent(self, letter: Letter, message_id: str) -> Letter:
        """Say as which message it went. Nothing happens when it has gone once more, or failed again, since."""
        values = {":as": message_id, ":state": keys.REDRIVEN, ":sort": _sort(letter), ":try": letter.tries}
        change = "SET redriven_as = :as, state_pk = :state, state_sk = :sort"
        # What failed again as fast as that waits already, and must go on waiting.
        condition = f"{SAME_TRY} AND (attribute_not_exists(failed_at) OR failed_at < redriven_at)"
        try:
            self._update(letter.message_id, change, condition, values)
        except Stale:
            return self.get(letter.message_id)
        return replace(letter, redriven_as=message_id)

    def _listed(self, state: str, limit: int, before: str) -> Page[Letter]:
        page = read_list(self.client, self.table, state, limit, before)
        return Page([letter_from(item) for item in page.items], page.next)

    def _update(self, message_id: str, change: str, condition: str, values: dict[str, Any]) -> None:
        try:
            self.client.update_item(
                TableName=self.table,
                Key=keys.outcome(message_id),
                UpdateExpression=change,
                ConditionExpression=condition,
                ExpressionAttributeValues=to_item(values | {":dead": Outcome.DEAD_LETTERED.value}),
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            remedy = "Look at it again."
            raise Stale("Somebody else sent this letter meanwhile.", field="letter", remedy=remedy) from error


def _sort(letter: Letter) -> str:
    return f"{instant(letter.redriven_at)}#{letter.message_id}"


def _became(letter: Letter, told: dict[str, Any]) -> Letter:
    outcome, incident = told.get("outcome", ""), told.get("incident", "")
    return replace(letter, became=outcome, incident=incident, became_reason=told.get("reason", ""))


def letter_from(item: dict[str, Any]) -> Letter:
    """A letter from its item."""
    f = from_item(item)
    return Letter(
        message_id=f["pk"].removeprefix(keys.MESSAGE),
        reason=f.get("reason", "unknown"),
        message=f.get("message", ""),
        dead_at=datetime.fromisoformat(f["at"]),
        raw=f.get("raw", ""),
        raw_ref=f.get("raw_ref", ""),
        raw_bytes=int(f.get("raw_bytes", len(f.get("raw", "").encode("utf-8", "surrogatepass")))),
        tries=f.get("tries", 0),
        redriven_at=when(f.get("redriven_at")),
        redriven_by=f.get("redriven_by", ""),
        redriven_as=f.get("redriven_as", ""),
        failed_at=when(f.get("failed_at")),
    )


def letter_fields(letter: Letter) -> dict[str, Any]:
    """A letter for programs, without its text."""
    return {
        "letter": letter.message_id,
        "state": letter.state.value,
        "reason": letter.reason,
        "message": letter.message,
        "dead_at": instant(letter.dead_at),
        "bytes": letter.raw_bytes,
        "tries": letter.tries,
        "redriven_at": instant(letter.redriven_at),
        "redriven_by": letter.redriven_by or None,
        "redriven_as": letter.redriven_as or None,
        "became": letter.became or None,
        "incident": letter.incident or None,
    }
