"""Words of the field that people take for one another: pure.

Knows which words a write-up may use for the same thing as a searcher. They are indexed beside its own words with low
weight, so that whoever said it literally comes first. A line here changes ranking: the relevance tests say whether for
the better. Refuses to know documents.
"""

import re

# What stands in a write-up, and what somebody may type who looks for it.
SAME = {
    r"unsubscri\w+|opt(?:s|ed|ing)?[ -]?outs?|suppression\w*|do[ -]not[ -](?:call|mail)|withdr[ae]wn? consent": (
        "unsubscribe opt-out optout suppression"
    ),
    r"duplicat\w+|twice|doubled?|repeated": "duplicate twice double",
    r"e-?mail\w*|mail(?:s|ed|ing|ings)?|newsletters?": "mail email newsletter",
    r"garbled|mangled|umlauts?|mojibake|utf-?8|charsets?|encoding|latin-?1|diacritics?|accents?": (
        "garbled umlauts encoding charset special characters"
    ),
    r"dns|cname|hosted zone|name ?servers?|registrar|resolved? the name": "dns domain record",
    r"tls|ssl|certificates?|handshakes?": "tls ssl certificate handshake",
    r"daylight|summer time|winter time|time ?zones?|dst": "daylight saving time zone dst",
    r"quotas?|rate[ -]limit\w*|throttl\w+|429|too many requests": "quota rate limit throttled 429 too many requests",
    r"slow|latency|delay\w*|backlog|lag(?:ged|ging)?": "slow late delayed latency backlog",
    r"paused|disabled|deactivated|suspended|(?:switched|turned) off": "paused disabled off",
    r"jobs?|cron\w*|schedul\w+|nightly": "job schedule cron",
    r"left the (?:company|firm)|leavers?|offboard\w*|resigned": "left company offboarding",
    r"locales?|(?:dd|mm)[/.](?:mm|dd)|day and month": "date format locale day month",
    r"spam|junk|spf|dkim|dmarc|deliverability": "spam junk deliverability",
    r"sandbox|staging|test (?:environment|account)": "sandbox staging test environment",
    r"signatures?|hmac|signing secret": "signature hmac secret",
    r"time[ds]?[ -]?outs?|504": "timeout timed out",
    r"sso|saml|mfa|2fa|two-factor|multi-factor": "sso saml mfa login sign-in",
    r"cookies?|gdpr|consent\w*|privacy": "consent privacy gdpr",
    r"webhooks?|callbacks?|postbacks?": "webhook callback",
    r"renamed?|removed (?:field|column)|mandatory|required field": "schema field renamed required",
}
GROUPS = re.compile("|".join(rf"\b(?P<g{at}>{pattern})\b" for at, pattern in enumerate(SAME)), re.IGNORECASE)
WORDS = tuple(SAME.values())


def synonyms(text: str) -> str:
    """What else somebody may type who looks for this text; each group once."""
    found = {int(match.lastgroup[1:]) for match in GROUPS.finditer(text) if match.lastgroup}
    return " ".join(WORDS[at] for at in sorted(found))
