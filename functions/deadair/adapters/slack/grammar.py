"""The one parser of `/incident …`: verb, reference, text, flags, people.

Knows the order of words. Refuses to know incidents: whether a number exists is somebody else's question.
Any text of any script gives a Command; nothing raises.

    command = [ verb [ref] text { --flag value } ]  |  ref [ verb text ]
    ref     = [ incident | inc ] ( INC-42 | 42 | #42 | last )

The verbs are in `vocabulary.py`; what is typed without one is guessed at in `guessing.py`.
"""

import re
from dataclasses import dataclass, field

from deadair.adapters.slack.action_words import with_action
from deadair.adapters.slack.cleaning import Mention, clean
from deadair.adapters.slack.guessing import guess
from deadair.adapters.slack.tokens import bare, first_word, named, reference, unpunctuated, unquoted
from deadair.adapters.slack.vocabulary import FLAGS, NAMES, VERBS, OwnNumber, Verb
from deadair.domain.incident import parse_number

FLAG = re.compile(rf"(?<!\S)--({'|'.join(FLAGS)})(?:=|(?=\s|$))", re.IGNORECASE)
LEVELLED = re.compile(r"sev-?([0-9]{1,2})[:,]?", re.IGNORECASE)
NUMBER = re.compile(r"(?:sev-?)?[0-9]{1,9}[:,.]?", re.IGNORECASE)
COUNTABLE = re.compile(
    r"(?:$|%|k\b|percent|records?|rows?|contacts?|leads?|people|persons?|customers?|users?|accounts?|events?|messages?"
    r"|e-?mails?|orders?|forms?|opt-?outs?|deals?|campaigns?)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Command:
    """What was understood. An empty `verb` with an empty `said` is the bare command; with one, an unknown verb.

    `ref` is a number, `last`, or empty. `nearest` is the verb that an unknown one may have meant; `text` is what
    belongs to it.
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
    text, mentions = clean(raw, FLAGS)
    text = with_action(_with_level(text))
    meant = _meant(_flags(text, FLAGS)[0])
    text, flags = _flags(text, VERBS[meant].flags if meant else FLAGS)
    first, rest = named(text)
    if reference(first):
        return _from_reference(first, rest, flags, mentions)
    verb, first, rest = _verb(text)
    if not verb:
        return _guessed("", first, rest, flags, mentions)
    ref, rest = _reference(rest, VERBS[verb])
    return Command(verb, ref, unquoted(rest), flags, mentions, said=first)


def _with_level(text: str) -> str:
    """`sev2 42 why` is `sev 42 2 why`, `42 sev2 why` is `42 sev 2 why`."""
    first, rest = named(text)
    if reference(first):
        second, after = first_word(rest)
        found = LEVELLED.fullmatch(second)
        return f"{first} sev {found[1]} {after}" if found else text
    found = LEVELLED.fullmatch(first)
    if not found:
        return text
    number, after = named(rest)
    return f"sev {number} {found[1]} {after}" if reference(number) else f"sev {found[1]} {rest}"


def _from_reference(word: str, rest: str, flags: dict[str, str], mentions: tuple[Mention, ...]) -> Command:
    """`42` shows it, `42 ack` is `ack 42`."""
    verb, first, after = _verb(rest)
    if not rest and not flags:
        return Command("show", reference(word), "", flags, mentions, said=word)
    if verb and VERBS[verb].takes_ref:
        return Command(verb, reference(word), unquoted(after), flags, mentions, said=first)
    return _guessed(reference(word), first, after, flags, mentions)


def _guessed(ref: str, first: str, rest: str, flags: dict[str, str], mentions: tuple[Mention, ...]) -> Command:
    """No verb: what may have been meant. Flags alone are something said, too."""
    person = bool(mentions) and first.lstrip("@") in {mentions[0].name, mentions[0].slack_id}
    said = first or "".join(f"--{name}" for name in list(flags)[:1])
    meant, text = guess(first, rest, person=person) if first else ("", "")
    if person and not ref:
        number, after = named(rest)
        ref, text = (reference(number), f"{first} {after}".strip()) if reference(number) else ("", text)
    return Command("", ref, text, flags, mentions, said=said, nearest=meant)


def _verb(text: str) -> tuple[str, str, str]:
    """The verb that a text starts with (empty: none), the word that said it, and the rest.

    `false alarm` is two words to people: the second is no reason, and a number may follow it.
    """
    first, rest = first_word(text)
    second, after = first_word(rest)
    two = (bare(first), bare(second)) == ("false", "alarm")
    return NAMES.get(bare(first), ""), first, after if two else rest


def _meant(text: str) -> str:
    """The verb of `ack 42` or of `42 ack`, empty when there is none."""
    first, rest = named(text)
    return NAMES.get(bare(first_word(rest)[0] if reference(first) else first), "")


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
    first, rest = named(text)
    found = reference(first) if shape.takes_ref else ""
    return (found, rest) if found and not _its_own(shape, first, rest) else ("", text)


def _its_own(shape: Verb, word: str, rest: str) -> bool:
    """Whether a number belongs to the verb: it stands alone, or counts what follows."""
    if shape.own_number is OwnNumber.NEVER or not unpunctuated(word).isdigit():
        return False
    if shape.own_number is OwnNumber.COUNTED:
        return COUNTABLE.match(rest) is not None
    return not NUMBER.fullmatch(first_word(rest)[0])
