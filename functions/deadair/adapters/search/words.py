"""Words of English and of the field that decide what is looked for.

Knows lists. A word here changes ranking: the relevance test says whether for the better.
"""

# Words that stand in nearly every sentence and question. Negations stay out: "not syncing" is about syncing.
STOP = frozenset(
    """a about after again all also am an and any anyone are as at be because been before being both but by can
    cannot could did do does doing don doesn didn down during each ever every few find for from further get gets
    got had has have having he her here hers him his how i if in into is isn it its itself just know like me more
    most my no nor not now of off on once only or other our ours out over own please same she should show since so
    some still such tell than that the their theirs them then there these they this those through to too under
    until up us very was wasn we were what when where which while who whom why will with won would you your
    yours anything something someone seen happened happen happens somebody""".split()  # noqa: SIM905 - readable
)

# What people type for a failure class although the write-up may say it in other words. Indexed with low weight.
CLASS_WORDS = {
    "auth": "auth authentication authorization authorisation 401 403 unauthorized forbidden credential token "
    "oauth expired password permission login",
    "rate_limit": "rate limit 429 throttled throttling quota too many requests",
    "vendor_error": "vendor error outage 5xx 500 502 503 504 timeout down",
    "empty_success": "empty success 200 nothing arrived missing records",
    "version": "version deprecated sunset breaking change upgrade migration",
    "schema": "schema field mapping format validation mandatory renamed type",
    "webhook": "webhook subscription signature callback delivery",
    "silence": "silence silent quiet no data stopped missing zero",
    "latency": "latency slow delay late lag backlog",
}
