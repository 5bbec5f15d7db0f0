"""The words with which systems say why a call failed, and the failure class that each stands for.

Knows wordings of many vendors and the HTTP statuses in a line. Refuses to know where a line comes from, and to guess:
a line without such words has no class.
"""

import re
from dataclasses import dataclass

from deadair.domain.diagnosis import class_of_status
from deadair.domain.severity import FailureClass

GONE = r"(?:expired|inactive|disabled|deleted|deactivated|removed|not found|no longer exists|paused|suspended)"
BAD = r"(?:expired|revoked|rejected|invalid|not valid|no longer valid)"
OPAQUE = r"(?:token|credential|session|password|certificate|client.?secret|api.?key|access.?key)"
THINGS = r"(?:records?|rows?|contacts?|leads?|events?|results?)"
MOVED = r"(?:found|returned|received|written|upserted|processed|to (?:sync|process|send|import|export))"
FIELD = r"(?:field|property|attribute|column|parameter)"

# A line that says something of two classes belongs to the one that is named first here: a refused signature comes
# with a 401, a field that a new version dropped with a 400, and a spent quota sometimes with a 403.
WORDINGS: dict[FailureClass, tuple[str, ...]] = {
    FailureClass.WEBHOOK: (
        r"signatures? (?:does|do|did)(?: not|n't) match",
        r"signature[\w ]{0,20} (?:mismatch|failed|invalid)",
        r"(?:invalid|bad|wrong|missing|no valid|unverified)[\w -]{0,20} signature",
        r"no signatures found|signature ?mismatch|signature ?verification|signature check",
        r"hmac (?:mismatch|invalid|failed|does not match)",
        r"timestamp outside (?:the )?tolerance",
        rf"(?:subscription|webhook)[^.;]{{0,30}} {GONE}",
        r"webhook[\w -]{0,30} (?:not registered|unreachable|not delivered)",
        r"(?:challenge|validation token)[\w -]{0,20} failed",
        r"replay.?id[\w -]{0,20} (?:expired|invalid)",
    ),
    FailureClass.RATE_LIMIT: (
        r"rate.?limit|too ?many ?requests|throttl|slow ?down",
        r"(?:quota|limit)[\w -]{0,24} (?:exceeded|reached|exhausted)",
        r"(?:exceeded|exceeds|exhausted|reached)[\w -]{0,24} (?:quota|limit\b)",
        r"quotaexceeded|resource_exhausted|request_limit_exceeded|ten_secondly_rolling|concurrent.?request.?limit",
    ),
    FailureClass.AUTH: (
        r"invalid_(?:grant|client|token|session|login|auth)\b|token_revoked|missing_scopes?",
        rf"{OPAQUE}s?[\w '-]{{0,24}} {BAD}",
        rf"(?:expired|revoked|invalid|bad|wrong|missing)[\w -]{{0,20}} {OPAQUE}",
        r"unauthori[sz]ed|not authori[sz]ed|forbidden|login failed",
        r"authentication (?:failed|failure|error|required)|authorization failed",
        r"access.?denied|permission.?denied|insufficient.{0,3}(?:scope|permission|privilege|access)",
        r"aadsts[0-9]{4,7}|user (?:is )?(?:inactive|deactivated|suspended|locked)",
        r"expiredtoken|unrecognizedclient|signaturedoesnotmatch",
    ),
    FailureClass.VERSION: (
        r"deprecated|no longer (?:supported|available)|end.of.life|upgrade required",
        r"has been (?:retired|sunset|sunsetted|removed|discontinued)|sunset (?:date|header)",
        r"unsupported[ _](?:api[ _])?version",
        r"version[\w .-]{0,30} (?:not supported|unsupported|invalid|expired|retired|disabled)",
        r"method not allowed|unknown (?:endpoint|method|operation)|no such (?:endpoint|api|method)",
    ),
    FailureClass.SCHEMA: (
        r"required.?fields?|(?:missing|mandatory) (?:required |mandatory )?" + FIELD,
        rf"{FIELD}s?[\w '\".-]{{0,40}} (?:required|missing|unknown|invalid|not exist|not found|too long|read.?only)",
        rf"(?:unknown|unrecogni[sz]ed|unexpected|invalid|undefined|no such) {FIELD}",
        r"(?:unknown|unexpected|invalid) (?:key|argument|type|enum|picklist|value|format|date)",
        r"invalid_(?:field|type)|string_too_long|restricted_picklist|property_doesnt_exist|required_field_missing",
        r"(?:cannot|could not|failed to|unable to|can't) (?:parse|deseriali[sz]e|decode|convert|map|unmarshal)",
        r"decodeerror|parse ?error|malformed|validation ?(?:failed|error|exception)",
        r"does not (?:match|conform to) (?:the )?schema|schema (?:mismatch|violation|error)",
        r"(?:type|key|attribute)error\b|nonetype|null value in column|unprocessable",
        r"not a valid (?:date|e-?mail|number|value)",
    ),
    FailureClass.VENDOR_ERROR: (
        r"internal ?server ?error|bad gateway|gateway time-?out|server is busy|server_unavailable",
        r"service (?:is )?(?:temporarily )?unavailable|serviceunavailable|upstream (?:error|connect|request)",
        r"timed? ?-?out|etimedout|esockettimedout|unable_to_lock_row",
        r"econn(?:refused|reset|aborted)|connection (?:refused|reset|aborted|closed|error)|broken pipe|socket hang up",
        r"enotfound|eai_again|getaddrinfo|name or service not known|could not resolve|no route to host",
        r"overloaded|under maintenance",
    ),
    FailureClass.EMPTY_SUCCESS: (
        rf"\b(?:0|no|zero) (?:new )?{THINGS}\b[\w ,]{{0,30}}{MOVED}",
        r"empty (?:response|result|payload|page|body|batch)|nothing to (?:sync|process|send)",
    ),
    FailureClass.LATENCY: (r"took too long|backlog|lagging behind|falling behind|slow query",),
}
_COMPILED = {kind: re.compile("|".join(words), re.IGNORECASE) for kind, words in WORDINGS.items()}
# A Lambda that ran out of its own time was slow: nothing says who made it so.
SLOW = re.compile(r"task timed out after", re.IGNORECASE)
# These stand in many logs on good days too.
FAINT = re.compile(r"deprecated|(?:type|key|attribute)error", re.IGNORECASE)
FAINT_KINDS = frozenset({FailureClass.EMPTY_SUCCESS, FailureClass.LATENCY})
# A number of three digits is a status only where the line says so.
STATUS = re.compile(
    r"(?:status(?:[ _-]?code)?|http(?:/[0-9.]{1,3})?(?:[ _-]?(?:status|code|error))?|response(?:[ _-]?code)?|\bcode"
    r"|returned|answered|error|got(?: an?)?)[\"']?\s{0,2}[:=(\[ ]{0,3}\s{0,2}[\"']?([1-5][0-9]{2})(?![0-9.]|\s?m?s\b)"
    r"|\b([45][0-9]{2}) (?:client error|server error|unauthori[sz]ed|forbidden|not found|too many|bad |internal "
    r"|service unavailable|gateway|gone|unprocessable|conflict|request time)",
    re.IGNORECASE,
)
# These statuses say less than words do: a 404 is a wrong address as often as a version that is gone.
FAINT_STATUSES = frozenset({"400", "404", "408", "409"})


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a line says: its class, and whether it says so beyond doubt."""

    failure_class: FailureClass
    clear: bool


def meaning_of(line: str) -> Meaning | None:
    """The class that a line of a log stands for; None when it says nothing that is known."""
    if SLOW.search(line):
        return Meaning(FailureClass.LATENCY, clear=True)
    for kind, words in _COMPILED.items():
        found = words.search(line)
        if found:
            return Meaning(kind, clear=kind not in FAINT_KINDS and not FAINT.match(found[0]))
    status = status_in(line)
    coded = class_of_status(status) if status else None
    return Meaning(coded, status not in FAINT_STATUSES) if coded else None


def status_in(line: str) -> str:
    """The HTTP status that a line tells; empty when it tells none."""
    found = STATUS.search(line)
    return (found[1] or found[2]) if found else ""
