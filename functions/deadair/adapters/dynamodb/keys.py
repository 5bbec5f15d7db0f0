"""Every key of both tables, in one place.

Incidents table
    pk               sk                     what
    INC#42           HEAD                   current state of the incident (GSIs by_state, by_integration)
    INC#42           ENTRY#<id>             timeline entry; carries `fact`, which the relay publishes
    INC#42           HEAD#DIAGNOSIS         what the last look at it found
    INC#42           POSTMORTEM             answers and state of the postmortem
    PUBLISHED#42     V#<6 digits>           the words of a published version of the postmortem; never changed
    INC#42           ACTION#<3 digits>      an action item (GSIs by_state, by_integration: see below)
    INC#42           NOTICE#<name>          how far a notice has come (card, owner, told-…, crowd, …), whether it failed
    INC#42           STEP#<entry id>        what a step of a person changed, for taking it back; expires (`expires_at`)
    CROWD#<digest>   HEAD                   the first of the incidents that one person is told of together
    CONSENT#42       E#<6 digits>           one entry of the incident's log of consent; the end of it is kept on INC#42
    LINE#<slug>      HEAD                   latest incident of the integration; transitions that came before any ALARM
    ALARM#<key>      T#<stamp>#<state>      one transition: its raw event, what became of it, in which incident
    MSG#<id>         RECEIVED               a message came out of the intake queue (the ledger's left side)
    MSG#<id>         OUTCOME                what became of it (the right side); a dead letter has its raw text
    SLACK#<digest>   REQUEST                a Slack request that takes effect once, its answer; expires (`expires_at`)
    SIGNAL#<digest>  SEEN                   a signal of `POST /v1/signals` that counts once; expires (`expires_at`)
    SIGNAL#<batch>   PROGRESS               how far a message of the signal queue came; expires (`expires_at`)
    HEALTH#<slug>    HEAD                   what the last signals of an integration said
    CHANGE#<slug>    <at>#<id>              a change near an integration: a deploy, a release; expires (`expires_at`)
    CHANGE#<slug>    ID#<id>                the same change, kept once whatever time it gives; expires (`expires_at`)
    TAGS#<key>       HEAD                   the tags of an alarm that no row claims by name; expires (`expires_at`)
    MAINTENANCE#<slug> HEAD                 planned maintenance of an integration: its windows
    PERSON#<e-mail>  HEAD                   a person's time zone, hours and days away
    MEMBER#<slack id> HEAD                  a member of the Slack workspace, as Slack last said; expires (`expires_at`)
    SESSIONS#<who>   HEAD                   which of a person's sessions at the web ended early; expires unless all did
    SIGNIN#<id>      USED                   a sign-in at the web that took effect once; expires (`expires_at`)
    SLACK#<digest>   DONE#<turn>            that a Slack request was written, once a write; expires (`expires_at`)
    REMINDED#<who>   <date>#<what>          that a person had their digest of that day; expires (`expires_at`)
    PACE             <place>                when Slack takes the next call there; expires (`expires_at`)
    ERRORS           <kind>#<name>          what stands wrong with Deadair's own work; gone when it is right again
    WATCHDOG         HEAD                   when the last drill came through the line
    WATCHDOG         R#<id>                 a drill under way; carries `fact`, as entries do; expires (`expires_at`)
    COUNTER          INCIDENT               the last incident number given out

    by_state         state_pk = OPEN | CLOSED | DEAD | REDRIVEN | CONSENT   state_sk = sort id or receipt time
    by_integration   integration_pk = <slug>             integration_sk = sort id
    of action items  state_pk = ACTIONS | ACTIONS_ENDED  state_sk = <due date or end>#<id>
                     integration_pk = ACTIONS#<slug>     integration_sk = <status>#<due date>#<id>

Registry table
    REG              ROW#<slug>             one row: JSON text in `row`, `hash`, `version`, `updated_at`, `updated_by`
    REG              RETIRED#<slug>         the last row of an integration that left; its version goes on if it returns
    AUDIT            E#<12 digits>          one change of a row: who, when, before, after, the hash of the entry before
    AUDIT            HEAD                   the last entry's number (`audited`, as in the row itself) and hash
"""

from typing import Any

from deadair.domain.alarm import Transition

Key = dict[str, dict[str, Any]]

HEAD = "HEAD"
INCIDENT, LINE = "INC#", "LINE#"
NOTICE, STEP = "NOTICE#", "STEP#"
ACTION = "ACTION#"
ACTIONS, ACTIONS_ENDED = "ACTIONS", "ACTIONS_ENDED"
OPEN, CLOSED = "OPEN", "CLOSED"
CONSENT = "CONSENT"
# Dead letters that wait for somebody, and those that were sent once more.
DEAD, REDRIVEN = "DEAD", "REDRIVEN"
MESSAGE = "MSG#"
REGISTRY = "REG"
ROW, RETIRED = "ROW#", "RETIRED#"
AUDIT, AUDITED = "AUDIT", "E#"
WATCHDOG = "WATCHDOG"
ERRORS = "ERRORS"
PACE = "PACE"
MEMBER = "MEMBER#"


def key(pk: str, sk: str) -> Key:
    """A primary key in DynamoDB's own notation."""
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def incident_pk(number: int) -> str:
    """The partition of everything about one incident."""
    return f"{INCIDENT}{number}"


def incident(number: int) -> Key:
    """The current state of an incident."""
    return key(incident_pk(number), HEAD)


def entry(number: int, entry_id: str) -> Key:
    """A timeline entry."""
    return key(incident_pk(number), f"ENTRY#{entry_id}")


def step(number: int, entry_id: str) -> Key:
    """What a step of a person changed."""
    return key(incident_pk(number), f"{STEP}{entry_id}")


def diagnosis(number: int) -> Key:
    """What the last look at an incident found."""
    return key(incident_pk(number), f"{HEAD}#DIAGNOSIS")


def consent(number: int, place: int) -> Key:
    """An entry of an incident's log of consent. Places begin at 1 and have no gaps."""
    return key(f"{CONSENT}#{number}", f"E#{place:06d}")


def postmortem(number: int) -> Key:
    """The postmortem of an incident."""
    return key(incident_pk(number), "POSTMORTEM")


def published_pk(number: int) -> str:
    """The partition of the published versions of an incident's postmortem."""
    return f"PUBLISHED#{number}"


def published(number: int, version: int) -> Key:
    """The words of a published version. It is apart from the incident: whoever reads that need not read all words."""
    return key(published_pk(number), f"V#{version:06d}")


def action(number: int, place: int) -> Key:
    """An action item of an incident. Places begin at 1."""
    return key(incident_pk(number), f"{ACTION}{place:03d}")


def reminded(who: str, day: str, what: str) -> Key:
    """That a person (a digest of who they are) had their reminder of that day."""
    return key(f"REMINDED#{who}", f"{day}#{what}")


def notice(number: int, name: str) -> Key:
    """How far a notice about an incident has come."""
    return key(incident_pk(number), f"{NOTICE}{name}")


def crowd(person: str) -> Key:
    """Which incident came first of those that a person (a digest of their name) is told of together."""
    return key(f"CROWD#{person}", HEAD)


def line(slug: str) -> Key:
    """What alarms know of an integration: its latest incident, and early transitions."""
    return key(f"{LINE}{slug}", HEAD)


def transition(of: Transition) -> Key:
    """The natural key of a transition. Two deliveries of the same transition meet here."""
    return key(f"ALARM#{of.alarm.key}", f"T#{of.stamp.isoformat(timespec='milliseconds')}#{of.what}")


def received(message_id: str) -> Key:
    """A message that came out of the intake queue."""
    return key(f"{MESSAGE}{message_id}", "RECEIVED")


def outcome(message_id: str) -> Key:
    """What became of a message."""
    return key(f"{MESSAGE}{message_id}", "OUTCOME")


def request(digest: str) -> Key:
    """A Slack request and what was answered."""
    return key(f"SLACK#{digest}", "REQUEST")


def request_done(digest: str, turn: int) -> Key:
    """That a Slack request has taken effect: its first write, its second."""
    return key(f"SLACK#{digest}", f"DONE#{turn}")


def pace(place: str) -> Key:
    """When Slack takes the next call at a place: a channel, or a method."""
    return key(PACE, place)


def signal(digest: str) -> Key:
    """A signal that was counted; `digest` is of its integration and its own id."""
    return key(f"SIGNAL#{digest}", "SEEN")


def signal_batch(batch: str) -> Key:
    """How far a message of the signal queue came."""
    return key(f"SIGNAL#{batch}", "PROGRESS")


def health(slug: str) -> Key:
    """What the last signals of an integration said."""
    return key(f"HEALTH#{slug}", HEAD)


def change_pk(slug: str) -> str:
    """The partition of an integration's changes."""
    return f"CHANGE#{slug}"


def change(slug: str, place: str) -> Key:
    """A change; `place` begins with its time. Times sort before claims."""
    return key(change_pk(slug), place)


def change_claim(slug: str, change_id: str) -> Key:
    """That a change is known."""
    return key(change_pk(slug), f"ID#{change_id}")


def tags(alarm_key: str) -> Key:
    """The tags of an alarm, as they were looked up."""
    return key(f"TAGS#{alarm_key}", HEAD)


def maintenance(slug: str) -> Key:
    """Planned maintenance of an integration."""
    return key(f"MAINTENANCE#{slug}", HEAD)


def person(email: str) -> Key:
    """When a person can be reached, by their e-mail address, however it is written."""
    return key(f"PERSON#{email.strip().casefold()}", HEAD)


def member(slack_id: str) -> Key:
    """A member of the Slack workspace, by their id, or by an address that was looked up."""
    return key(f"{MEMBER}{slack_id}", HEAD)


def sessions(who: str) -> Key:
    """Which of a person's sessions at the web are over before their time."""
    return key(f"SESSIONS#{who}", HEAD)


def sign_in(sign_in_id: str) -> Key:
    """That a sign-in took effect."""
    return key(f"SIGNIN#{sign_in_id}", "USED")


def standing_error(kind: str, name: str) -> Key:
    """Something that stands wrong."""
    return key(ERRORS, f"{kind}#{name}")


def watchdog_round(round_id: str) -> Key:
    """A drill under way."""
    return key(WATCHDOG, f"R#{round_id}")


def audit_entry(number: int) -> Key:
    """An entry of the audit log. Numbers begin at 1 and have no gaps."""
    return key(AUDIT, f"{AUDITED}{number:012d}")


def row(slug: str) -> Key:
    """A living row of the registry."""
    return key(REGISTRY, f"{ROW}{slug}")


def retired_row(slug: str) -> Key:
    """A row that left the registry."""
    return key(REGISTRY, f"{RETIRED}{slug}")


COUNTER = key("COUNTER", "INCIDENT")
WATCHDOG_HEAD = key(WATCHDOG, HEAD)
AUDIT_HEAD = key(AUDIT, HEAD)
