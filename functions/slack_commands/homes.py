"""Everybody's own Home: what it shows is read when it is opened, and again after a step that was taken there.

Knows whose is what: owners and holders may take every step that it offers, and whoever may take none is told why
instead. Refuses to keep a person waiting: what cannot be read or shown costs the Home, never a step.
"""

import logging
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from deadair.adapters.dynamodb import keys
from deadair.adapters.dynamodb.items import postmortem_from
from deadair.adapters.dynamodb.many import read_many
from deadair.adapters.slack.mrkdwn import escape
from deadair.adapters.slack.phrases import say
from deadair.adapters.slack.views.home import Home, home_view, said_instead
from deadair.domain.errors import DeadairError, Unavailable
from deadair.domain.incident import Incident
from deadair.domain.ownership import Person, same_person
from deadair.domain.postmortem import Postmortem
from deadair.domain.stages import NOTHING_TO_TELL
from deadair.usecases.actions.writing import actions_of
from slack_commands.choosing import LOOKED_AT, is_mine
from slack_commands.context import Context

if TYPE_CHECKING:
    from deadair.adapters.slack.inputs import View
    from slack_commands.room import Room

log = logging.getLogger(f"deadair.{__name__}")


def publish(room: "Room", context: Context, ref: str, *, notice: str = "") -> None:
    """Show somebody their Home. `notice` is markup that stands on top."""
    barred = context.actor.rights.barred
    try:
        view: View = said_instead(escape(barred)) if barred else home_view(_home(context, notice), context.links)
    except (DeadairError, BotoCoreError, ClientError):
        log.exception("a Home could not be read", extra={"ref": ref})
        view = said_instead(say("home.error.unreachable", ref=ref))
    try:
        room.slack().publish(context.actor.person.slack_id, view)
    except Unavailable as failed:
        log.warning("a Home was not shown", extra={"ref": ref, "why": str(failed)})


def _home(context: Context, notice: str) -> Home:
    found, person = context.store.open_incidents(), context.actor.person
    mine = [incident for incident in found if is_mine(incident, context)]
    rows = context.directory.rows()
    return Home(
        person=person,
        now=context.now,
        mine=mine,
        others=len(found) - len(mine),
        waiting=_waiting(context),
        items=actions_of(context.store).of_person(person),
        today=context.now.astimezone(context.zone).date(),
        rows=[
            row for row in rows if same_person(row.owner, person) or (row.deputy and same_person(row.deputy, person))
        ],
        notice=notice,
    )


def _waiting(context: Context) -> list[tuple[Incident, Postmortem]]:
    """Postmortems of late that wait for the person, the newest first: to be read by them, written or published."""
    past = {one.id: one for one in context.store.past_incidents(LOOKED_AT).items if one.ending not in NOTHING_TO_TELL}
    wanted = [keys.postmortem(incident.number) for incident in past.values()]
    items = read_many(context.store.client, context.store.table, wanted) if wanted else []
    drafts = {draft.incident: draft for draft in map(postmortem_from, items)}
    known = [(incident, drafts[name]) for name, incident in past.items() if name in drafts]
    reads = [one for one in known if _is_read_by(one[1], context.actor.person)]
    writes = [one for one in known if one not in reads and is_mine(one[0], context) and _is_unfinished(one[1])]
    return reads + writes


def _is_read_by(postmortem: Postmortem, person: Person) -> bool:
    return postmortem.waits_for is not None and same_person(postmortem.waits_for, person)


def _is_unfinished(postmortem: Postmortem) -> bool:
    return not postmortem.is_published or postmortem.amending
