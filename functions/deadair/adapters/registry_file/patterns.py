r"""The rules of rows as regular expressions that every JSON Schema validator reads: ECMA's and Python's at once.

Knows what a pattern can say; the validators of `fields` and `people` are the judges and give the reasons. Refuses
flags and classes (`\w`, `\p`) that engines read differently.
"""

from collections.abc import Iterable

# As `fields.HIDDEN`, without surrogates: an engine that counts UTF-16 units would refuse every emoji.
_CONTROLS = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f"
_MARKS = r"\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff"
IN_TEXT = f"[^{_CONTROLS}{_MARKS}]"
IN_LINE = rf"[^{_CONTROLS}\t\n\r{_MARKS}]"
FULL_LINE = rf"^(?=[\s\S]*\S){IN_LINE}*$"
# No user name before the host.
HTTPS_URL = r"^\s*[Hh][Tt][Tt][Pp][Ss]://[^\s\\/?#@:][^\s\\/?#@]*(?:[/?#][^ \\\t\n\r]*)?\s*$"
ALARM_PATTERN = rf"^(?=[\s\S]*\S)[^\[\]{_CONTROLS}\t\n\r{_MARKS}]*$"
LOG_GROUP = r"^[A-Za-z0-9_./#-]+$"
TIME_ZONE = r"^[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*$"
SLACK_MEMBER = r"^(?:[UW][A-Z0-9]{2,20})?$"
DAY = r"^(?:199\d|2[01]\d\d|2200)-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$"
# A letter, a digit or anything beyond ASCII.
_ALNUM = r"[^\u0000-/:-@\[-`{-\u007f]"
_HOST = rf"{_ALNUM}(?:[^\u0000-,./:-@\[-^`{{-\u007f]*{_ALNUM})?"
EMAIL = rf'^[^\s@<>,;:"()\[\]\\]{{1,64}}@(?=.{{4,255}}$){_HOST}(?:\.{_HOST})+$'
# What stands between the words of a name or a mailbox.
_BETWEEN = r"[\u0000-?\[-`{-\u00a9\u2010-\u2015]"
# A word of seven letters or more that ends in team.
TEAM_AT_THE_END = rf"(?:^|{_BETWEEN})[^{_BETWEEN[1:-1]}]{{3,}}[Tt][Ee][Aa][Mm](?=$|@|{_BETWEEN})"
_HOSTED = r"(?:.+\.)?(?:[Gg]oogle[Gg]roups\.com|[Gg]roups\.io|[Tt]eams\.ms)|.+\.[Ss]lack\.com"
GROUP_HOST = rf"@(?:{_HOSTED}|(?:[Ll]ists?|[Gg]roups)\..+)$"


def hours(pattern: str) -> str:
    """From-to, not the same twice."""
    return rf"^(?!(.{{5}})-\1$)(?:{pattern})$"


def any_case(words: Iterable[str]) -> str:
    """Any of the words, in whatever case."""
    return "|".join("".join(f"[{c.upper()}{c}]" if c.isalpha() else _plain(c) for c in word) for word in sorted(words))


def one_of_these_words(words: Iterable[str], *, end: str = "$") -> str:
    """A text up to `end` in which one of the words stands."""
    rest = "[^@]*"
    return rf"^(?:{rest}{_BETWEEN})?(?:{any_case(words)})(?:{_BETWEEN}{rest})?{end}"


def only_these_words(words: Iterable[str], *, end: str = "$") -> str:
    """A text up to `end` that is made of these words."""
    word = f"(?:{any_case(words)})"
    return rf"^{_BETWEEN}*{word}(?:{_BETWEEN}+{word})*{_BETWEEN}*{end}"


def exactly(words: Iterable[str]) -> str:
    """One of these texts and nothing else."""
    return f"^(?:{any_case(words)})$"


def _plain(char: str) -> str:
    return f"\\{char}" if char in "?/.*+()[]{}|^$\\" else char
