"""`settings`: the clock that somebody's times are read in, when they work, where that comes from and how to change it.

Knows what is kept of the person. Refuses to change it: a zone is Slack's, working hours are the operators' to say.
"""

from collections.abc import Iterable

from deadair.adapters.dynamodb.people import PeopleStore
from deadair.adapters.slack.mrkdwn import Mrkdwn, lines_of, one_line
from deadair.adapters.slack.phrases import say
from deadair.domain.ownership import Person
from deadair.domain.reachability import ALWAYS, WEEKDAYS, Away, Reach
from slack_commands.context import Context, Reply
from slack_commands.times import shown

HOUR_MIN = 60
WHY = 80


def run(context: Context) -> Reply:
    """Who they are here, and what follows from it."""
    person = context.actor.person
    reach = _reach(context)
    lines = [_who(context, person), _clock(context, reach), _hours(reach), *map(_away, reach.away), _change(person)]
    return Reply(lines_of(lines))


def _reach(context: Context) -> Reach:
    """What the operators said of the person's time."""
    email = context.actor.person.email
    people = PeopleStore(context.store.client, context.store.table)
    return people.of([email]).get(email.casefold(), ALWAYS) if email else ALWAYS


def _who(context: Context, person: Person) -> Mrkdwn:
    key = "who" if person.email else "stranger"
    return say(f"answers.settings.{key}", name=person.name, email=person.email, mine=context.typed("who"))


def _clock(context: Context, reach: Reach) -> Mrkdwn:
    now = shown(context, context.now)
    return say(f"answers.settings.zone.{_from(context, reach)}", zone=str(context.zone), now=now)


def _from(context: Context, reach: Reach) -> str:
    """Where the zone comes from, in the order in which it is looked for."""
    if reach.hours or reach.timezone != ALWAYS.timezone:
        return "own"
    member = context.directory.member(context.actor.person.slack_id, context.now)
    return "slack" if member and member.timezone == str(context.zone) else "none"


def _hours(reach: Reach) -> Mrkdwn:
    if not reach.hours or not reach.weekdays:
        return say("answers.settings.always")
    days = ", ".join(WEEKDAYS[day] for day in sorted(reach.weekdays))
    return say("answers.settings.hours", days=days, hours=_spans(reach.hours), zone=reach.timezone)


def _spans(hours: Iterable[tuple[int, int]]) -> str:
    return ", ".join(f"{_clock_of(start)}-{_clock_of(end)}" for start, end in hours)


def _clock_of(minute: int) -> str:
    hour, rest = divmod(minute, HOUR_MIN)
    return f"{hour % 24:02}:{rest:02}"


def _away(away: Away) -> Mrkdwn:
    return say("answers.settings.away", first=away.from_on, last=away.until_on, why=one_line(away.why, WHY) or "–")


def _change(person: Person) -> Mrkdwn:
    return say("answers.settings.change", email=person.email or "you@…")
