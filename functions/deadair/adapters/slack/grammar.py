"""The one parser of `/incident …`: verb, reference, text, flags, people.

Knows words and their order. Refuses to know incidents: whether a number exists is somebody else's question.
Any text of any script gives a Command; nothing raises.

    command = [ verb [ref] text { --flag value } ]  |  ref [ verb text ]
    ref     = [ incident | inc ] ( INC-42 | 42 | #42 | last )

A bare number after `sev` or `check` is theirs, unless a second one follows: `sev 2`, `sev 42 2`.
"""

import re
from dataclasses import dataclass, field

from deadair.adapters.slack.cleaning import Mention, clean
from deadair.domain.incident import parse_number

LAST = "last"
FLAGS = ("at", "fix", "override")
FLAG = re.compile(r"(?<!\S)--(at|fix|override)(?:=|(?=\s|$))", re.IGNORECASE)
INCIDENT_WORDS = frozenset({"incident", "inc"})
NUMBER = re.compile(r"(?:sev-?)?[0-9]{1,9}[:,]?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb's other names, whether an incident may follow it, and its flags: any other `--word` is text.

    `numbered`: its own first word is a number, so that one number alone names no incident.
    """

    aliases: tuple[str, ...] = ()
    takes_ref: bool = True
    flags: tuple[str, ...] = ()
    numbered: bool = False


VERBS: dict[str, Verb] = {
    "help": Verb(("?", "hi", "hello", "usage", "commands"), takes_ref=False),
    "list": Verb(("ls", "incidents"), takes_ref=False),
    "show": Verb(("info", "status", "get", "view")),
    "ack": Verb(("acknowledge", "acknowledged", "acked", "mine")),
    "note": Verb(("update", "log", "add", "comment"), flags=("at",)),
    "mitigate": Verb(("mitigated", "contained")),
    "resolve": Verb(("resolved", "close", "closed", "fixed", "done"), flags=("fix",)),
    "reopen": Verb(("re-open", "reopened")),
    "assign": Verb(("owner", "handover", "hand-over", "reassign")),
    "sev": Verb(("severity", "prio", "priority"), flags=("override",), numbered=True),
    "cause": Verb(("class", "because", "diagnosis")),
    "check": Verb(("checked", "tick", "checks", "checklist"), numbered=True),
    "snooze": Verb(("silence", "mute", "quiet")),
    "unsnooze": Verb(("wake", "unmute")),
    "merge": Verb(("join",)),
    "split": Verb(("separate",)),
    "false-alarm": Verb(("cancel", "false", "falsealarm", "not-an-incident")),
    "milestone": Verb(("milestones", "set"), flags=("at",)),
    "timeline": Verb(("history", "tl")),
    "pm": Verb(("postmortem", "post-mortem", "retro")),
    "search": Verb(("find", "kb"), takes_ref=False),
    "who": Verb(("whois", "oncall", "owns"), takes_ref=False),
}
NAMES: dict[str, str] = {name: verb for verb, shape in VERBS.items() for name in (verb, *shape.aliases)}

# What people may call the five questions after `pm 42`.
QUESTION_WORDS: dict[str, str] = {
    "broke": "what_broke",
    "what": "what_broke",
    "started": "when_started",
    "start": "when_started",
    "when": "when_started",
    "detected": "how_detected",
    "detection": "how_detected",
    "how": "how_detected",
    "fix": "what_fixed",
    "fixed": "what_fixed",
    "earlier": "what_earlier",
    "catch": "what_earlier",
}


@dataclass(frozen=True, slots=True)
class Command:
    """What was understood. An empty `verb` with an empty `said` is the bare command; with one, an unknown verb.

    `ref` is a number, `last`, or empty. `nearest` is the known verb that an unknown one looks like.
    """

    verb: str = ""
    ref: str = ""
    text: str = ""
    flags: dict[str, str] = field(default_factory=dict)
    mentions: tuple[Mention, ...] = ()
    said: str = ""
    nearest: str = ""

    @property
    def asks_for_a_time(self) -> bool:
        """Whether `--at` was said to a verb that happens now."""
        return bool(self.verb) and any(flag[1].lower() == "at" for flag in FLAG.finditer(self.text))

    @property
    def number(self) -> int | None:
        """The incident's number, when one was named by number."""
        return parse_number(self.ref)


def parse(raw: str) -> Command:
    """Read what somebody typed after the slash command."""
    text, mentions = clean(raw)
    meant = _meant(_flags(text, FLAGS)[0])
    text, flags = _flags(text, VERBS[meant].flags if meant else FLAGS)
    first, rest = _word(text)
    if reference(first):
        return _from_reference(first, rest, flags, mentions)
    verb, first, rest = _verb(text)
    if not verb:
        return Command("", "", rest, flags, mentions, said=first, nearest=nearest(_bare(first)))
    ref, rest = _reference(rest, VERBS[verb])
    return Command(verb, ref, unquoted(rest), flags, mentions, said=first)


def reference(word: str) -> str:
    """`42` for any way to name incident 42, `last` for the latest, empty for anything else."""
    bare = word.rstrip(":,")
    if bare.lower() == LAST:
        return LAST
    number = parse_number(bare)
    return str(number) if number is not None else ""


def question(text: str) -> tuple[str, str]:
    """The key of the question that a text starts with and the answer after it; an empty key when it names none."""
    first, rest = _word(text)
    if _bare(first) in {"answer", "a"}:
        first, rest = _word(rest)
    word = _bare(first)
    key = word if word in QUESTION_WORDS.values() else QUESTION_WORDS.get(word, "")
    return key, unquoted(rest.lstrip(":- ").strip())


def nearest(word: str) -> str:
    """The verb that a mistyped word is closest to, empty when none is close."""
    import difflib

    close = difflib.get_close_matches(word[:40], NAMES, n=1, cutoff=0.6)
    return NAMES[close[0]] if close else ""


def unquoted(text: str) -> str:
    """The text without quotes around the whole of it."""
    inner = text[1:-1]
    whole = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" and text[0] not in inner
    return inner.strip() if whole else text


def _from_reference(word: str, rest: str, flags: dict[str, str], mentions: tuple[Mention, ...]) -> Command:
    """`42` shows it, `42 ack` is `ack 42`."""
    verb, first, after = _verb(rest)
    if not rest:
        return Command("show", reference(word), "", flags, mentions, said=word)
    if verb and VERBS[verb].takes_ref:
        return Command(verb, reference(word), unquoted(after), flags, mentions, said=first)
    return Command("", reference(word), after, flags, mentions, said=first, nearest=nearest(_bare(first)))


def _verb(text: str) -> tuple[str, str, str]:
    """The verb that a text starts with (empty: none), the word that said it, and the rest.

    `false alarm` is two words to people: the second is no reason, and a number may follow it.
    """
    first, rest = _word(text)
    second, after = _word(rest)
    two = (_bare(first), _bare(second)) == ("false", "alarm")
    return NAMES.get(_bare(first), ""), first, after if two else rest


def _meant(text: str) -> str:
    """The verb of `ack 42` or of `42 ack`, empty when there is none."""
    first, rest = _word(text)
    return NAMES.get(_bare(_word(rest)[0] if reference(first) else first), "")


def _flags(text: str, known: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    """The text before the first known flag, and each flag's value up to the next. Said again, a flag is text."""
    found: dict[str, re.Match[str]] = {}
    for flag in FLAG.finditer(text):
        if flag[1].lower() in known:
            found.setdefault(flag[1].lower(), flag)
    ends = [*[flag.start() for flag in found.values()][1:], len(text)]
    flags = {
        name: unquoted(text[flag.end() : end].strip()) for (name, flag), end in zip(found.items(), ends, strict=False)
    }
    first = min((flag.start() for flag in found.values()), default=len(text))
    return text[:first].strip(), flags


def _reference(text: str, shape: Verb) -> tuple[str, str]:
    first, rest = _named(text)
    found = reference(first) if shape.takes_ref else ""
    its_own = shape.numbered and first.isdigit() and not NUMBER.fullmatch(_word(rest)[0])
    return (found, rest) if found and not its_own else ("", text)


def _named(text: str) -> tuple[str, str]:
    """The first word and the rest; of `incident 42 …` the number, so that nobody's other incident is meant."""
    first, rest = _word(text)
    second, after = _word(rest)
    return (second, after) if _bare(first) in INCIDENT_WORDS and reference(second) else (first, rest)


def _word(text: str) -> tuple[str, str]:
    parts = text.split(maxsplit=1)
    if not parts:
        return "", ""
    return parts[0], parts[1].strip() if len(parts) > 1 else ""


def _bare(word: str) -> str:
    """The word as it is compared: no case, no slash before it, no punctuation after it."""
    return word.casefold().lstrip("/").rstrip(".,:;!") or word
