"""Dead letters: messages that nobody could understand, each with its reason and its text, and a way to send it again.

Reads the letters that wait and those that were sent lately. Sends letters in the name of the person who asks.
"""

import re
from typing import Any

from aws_lambda_powertools.event_handler import Response

from deadair.adapters.dynamodb.letters import letter_fields
from deadair.domain.errors import Invalid, NotFound, Refusal
from deadair.domain.letter import Letter
from deadair.usecases.redrive import redrive, redrive_all
from web import addresses, responses
from web.call import Call
from web.refusals import status_of
from web.views.dead_letters import WHOLE, by_reason, shown_letter, shown_whole

HERE = "/dead-letters"
PER_PAGE = 25
LATELY = 10
# As SQS makes them; tests and replays may name their own.
COUNT = re.compile(r"[0-9]{1,5}")
MESSAGE_ID = re.compile(r"[A-Za-z0-9_.:-]{1,128}")


def show(call: Call) -> Response[Any]:
    """The list, or its JSON."""
    if call.wants_json:
        page = call.web.letters.waiting(PER_PAGE, call.request.query.get("before", ""))
        return responses.data({"letters": [letter_fields(letter) for letter in page.items], "next": page.next or None})
    return _page(call)


def read(call: Call, letter: str) -> Response[Any]:
    """One letter with its text, as far as a page holds it."""
    found = call.web.letters.get(_checked(letter))
    whole = shown_whole(found, _raw(call, found))
    if call.wants_json:
        return responses.data(letter_fields(found) | {"text": whole.text, "cut": whole.cut})
    return call.page("dead_letter.html", {"one": whole, "may_go": found.may_go(call.now)})


def send(call: Call) -> Response[Any]:
    """Send one letter, or all of one reason, once more."""
    fields = call.request.fields
    try:
        count = _send(call, fields.get("letter", ""), fields.get("reason", ""))
    except Refusal as refusal:
        return _page(call, refusal)
    return responses.see_other(addresses.with_query(HERE, sent=str(count)))


def _send(call: Call, letter: str, reason: str) -> int:
    person = call.person
    by, letters, queue = person.email or person.name, call.web.letters, call.web.intake_queue
    if letter:
        return int(redrive(letters, queue, _checked(letter), by, now=call.now).tries > 0)
    if not reason:
        raise Invalid("Nothing was chosen.", field="letter", remedy="Choose a letter, or a reason.")
    return len(redrive_all(letters, queue, by, reason=reason, now=call.now))


def _checked(letter: str) -> str:
    if not MESSAGE_ID.fullmatch(letter):
        raise NotFound("There is no such dead letter.", field="letter", remedy=HERE)
    return letter


def _raw(call: Call, letter: Letter) -> str:
    """The text, or the beginning of the object that has it."""
    if not letter.raw_ref:
        return letter.raw
    wanted = {"Bucket": call.web.settings.knowledge_bucket, "Key": letter.raw_ref}
    answer = call.web.client("s3").get_object(**wanted, Range=f"bytes=0-{4 * WHOLE}")
    return str(answer["Body"].read().decode("utf-8", "replace"))


def _page(call: Call, refusal: Refusal | None = None) -> Response[Any]:
    before = call.request.query.get("before", "")
    page = call.web.letters.waiting(PER_PAGE, before)
    sent = call.request.query.get("sent", "")
    values = {
        "waiting": [shown_letter(letter) for letter in page.items],
        "reasons": by_reason(page.items),
        "more": addresses.with_query(HERE, before=page.next) if page.next else "",
        "first": not before,
        "lately": [] if before else call.web.letters.redriven(LATELY).items,
        "sent": int(sent) if COUNT.fullmatch(sent) else None,
        "refusal": refusal,
    }
    return call.page("dead_letters.html", values, status_of(refusal) if refusal else 200)
