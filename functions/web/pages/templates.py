"""The templates of postmortems: which one is in use for what, whose it is, and what one may say.

Reads the bucket, at most once a minute. Whoever is signed in may look; storing one takes rights in AWS.
"""

from typing import Any

from aws_lambda_powertools.event_handler import Response

from deadair.adapters.jinja.postmortem_overview import Kept, overview
from deadair.adapters.jinja.postmortem_variables import Of, Variable, variables
from deadair.domain.postmortem import EXTRAS, QUESTIONS
from web import responses
from web.call import Call

TEMPLATES: tuple[Of, ...] = ("document", "suggested")


def show(call: Call) -> Response[Any]:
    """The page, or its JSON."""
    found = overview(call.web.templates.stored())
    if call.wants_json:
        told = {of: [_variable(one) for one in variables(of)] for of in TEMPLATES}
        return responses.data({"templates": [_kept(one) for one in found], "variables": told})
    values = {
        "documents": [one for one in found if not one.question],
        "suggestions": [one for one in found if one.question],
        "asked": QUESTIONS | EXTRAS,
        "variables": {of: variables(of) for of in TEMPLATES},
    }
    return call.page("templates.html", values)


def _kept(one: Kept) -> dict[str, Any]:
    told = {name: getattr(one, name) for name in ("name", "kind", "severity", "question", "in_use")}
    return told | {"source": "bucket" if one.from_bucket else "shipped", "fault": str(one.fault) if one.fault else ""}


def _variable(one: Variable) -> dict[str, Any]:
    return {"name": one.path, "meaning": one.meaning, "example": one.examples[0], "always": one.always}
