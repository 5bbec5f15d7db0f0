"""Believable write-ups of old incidents, and which of them answer which question.

Made for the relevance test: several causes per integration, several integrations per cause, so that no single
word gives the answer away. Grades: 2 is what the person looked for, 1 would help.
"""

from datetime import UTC, datetime, timedelta

from deadair.domain.postmortem import Document

BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)
# (id, integration, name, class, severity, title, body, tags)
ROWS: list[tuple[str, str, str, str, str, str, str, str]] = [
    (
        "INC-1", "hubspot-salesforce", "HubSpot → Salesforce", "auth", "SEV2",
        "Lead sync stopped when the connecting user left the company",
        "The HubSpot connector signed in as a person whose Salesforce seat was deactivated. Every call returned 401 "
        "INVALID_SESSION_ID. We reconnected with an integration user and replayed 1,240 leads. A credential check each "
        "quarter would have found it.",
        "offboarding oauth",
    ),
    (
        "INC-2", "hubspot-salesforce", "HubSpot → Salesforce", "rate_limit", "SEV3",
        "Daily API limit used up by a bulk import",
        "A list import of 90,000 contacts triggered one update per record. Salesforce answered REQUEST_LIMIT_EXCEEDED until "
        "midnight. We paused the import and switched to the bulk API. An alarm at 80 percent of the quota was missing.",
        "quota bulk",
    ),
    (
        "INC-3", "hubspot-salesforce", "HubSpot → Salesforce", "schema", "SEV3",
        "New mandatory picklist on Lead rejected every web inquiry",
        "An admin made Industry required. Inserts failed with REQUIRED_FIELD_MISSING. The mapping got a default value and "
        "rejected records were replayed. A contract test after each platform change would have caught it.",
        "mapping validation",
    ),
    (
        "INC-4", "form-marketo", "Web form → Marketo", "silence", "SEV2",
        "Form fills dropped to zero after the consent banner update",
        "The new cookie banner blocked the Munchkin script, so no form reached Marketo for nine hours. The page looked fine. "
        "Rolled back the banner. A volume alarm with missing data breaching now watches it.",
        "consent tag-manager",
    ),
    (
        "INC-5", "form-marketo", "Web form → Marketo", "webhook", "SEV3",
        "Duplicate leads from retried webhooks",
        "The receiver answered after 12 seconds, the sender gave up after ten and sent again. Each lead was created up to four "
        "times. We answer first and work later, and the receiver is idempotent by submission id.",
        "duplicates idempotency",
    ),
    (
        "INC-6", "optout-sync", "Opt-out sync", "latency", "SEV1",
        "Unsubscribes took 31 hours to reach the e-mail platform",
        "A backlog behind a re-sync of every record delayed opt-outs beyond the legal limit. Opt-outs now have a queue of their "
        "own. A freshness alarm on the oldest unsubscribe was missing.",
        "consent compliance gdpr",
    ),
    (
        "INC-7", "optout-sync", "Opt-out sync", "empty_success", "SEV1",
        "Preference centre answered 200 and saved nothing",
        "The old v1 endpoint still accepted unsubscribes and discarded them. Counts on both sides differed for six days. Moved "
        "to v2 and backfilled 412 opt-outs. Comparing sent against received daily would have shown it.",
        "consent backfill",
    ),
    (
        "INC-8", "ad-audiences", "CRM → Ad audiences", "version", "SEV3",
        "Customer Match uploads refused after the API version ended",
        "Google Ads API v14 was sunset. Uploads failed with UNSUPPORTED_VERSION. Migrated to v16. Nobody read the changelog; the "
        "end date is in the registry now.",
        "deprecation google-ads",
    ),
    (
        "INC-9", "ad-audiences", "CRM → Ad audiences", "auth", "SEV3",
        "Meta access token expired over the weekend",
        "The long-lived token lasted sixty days. Audiences went stale, suppression lists too, so customers saw acquisition ads. "
        "Issued a system user token. Expiry dates belong in the registry.",
        "facebook oauth",
    ),
    (
        "INC-10", "webinar-crm", "Webinar → CRM", "webhook", "SEV3",
        "Registrations lost because the webhook secret was rotated",
        "Zoom's secret token was rotated on one side only; our endpoint refused each signature with 403. Redrove 230 registrations "
        "from the dead-letter queue after the secret was updated.",
        "zoom signature",
    ),
    (
        "INC-11", "webinar-crm", "Webinar → CRM", "rate_limit", "SEV3",
        "Launch webinar flooded the CRM with 429s",
        "Three thousand people registered in ten minutes and each became five calls. We batch now, and a queue stands in front.",
        "throttling launch",
    ),
    (
        "INC-12", "enrichment", "Enrichment vendor", "vendor_error", "SEV4",
        "Enrichment returned 503 for one region",
        "The vendor's Frankfurt region was down while the status page stayed green. Retries with backoff, then a backfill of "
        "company size for 800 accounts.",
        "outage status-page",
    ),
    (
        "INC-13", "enrichment", "Enrichment vendor", "schema", "SEV3",
        "Employee count arrived as text and broke scoring",
        "The vendor changed a number to a range such as 51-200. Lead scores became null and routing sent everything to the default "
        "queue. Parsing is strict now, and a null score raises an alarm.",
        "lead-scoring types",
    ),
    (
        "INC-14", "warehouse-export", "Warehouse export", "latency", "SEV3",
        "Nightly export to Snowflake finished after the morning reports",
        "The export took six hours instead of forty minutes: a missing clustering key. Dashboards showed yesterday's numbers. A "
        "freshness alarm against 06:00 was added.",
        "snowflake reporting",
    ),
    (
        "INC-15", "warehouse-export", "Warehouse export", "schema", "SEV3",
        "Dates swapped day and month after a locale change",
        "The export job's locale became en_GB, and 03/04 turned from March into April. 11,000 renewal reminders were planned for the "
        "wrong day. ISO dates everywhere.",
        "dates renewal",
    ),
    (
        "INC-16", "crm-erp", "CRM → ERP", "silence", "SEV2",
        "No closed deals reached billing for two days",
        "The scheduled job was disabled during a release and never enabled again. Nothing failed, so nothing alarmed. Finance noticed. "
        "A heartbeat alarm now expects at least one run an hour.",
        "scheduler billing",
    ),
    (
        "INC-17", "crm-erp", "CRM → ERP", "auth", "SEV2",
        "Client certificate of the ERP gateway expired",
        "TLS handshakes failed from midnight on. The renewed certificate had been issued but never installed. Installed it and replayed "
        "orders. Expiry is monitored thirty days ahead.",
        "certificate tls",
    ),
    (
        "INC-18", "chat-crm", "Chat → CRM", "vendor_error", "SEV4",
        "Intercom timeouts delayed conversation sync",
        "Their API had elevated latency and 504s for two hours. Calls were retried with backoff; nothing was lost.",
        "intercom timeout",
    ),
    (
        "INC-19", "events-segment", "Events → Segment", "empty_success", "SEV2",
        "Purchases tracked with the wrong write key went nowhere",
        "After the container release the events carried the staging write key. Segment accepts any key with 200. Revenue in the dashboards "
        "fell by a third. Backfilled from server logs.",
        "tracking write-key revenue",
    ),
    (
        "INC-20", "email-events", "E-mail events → CRM", "webhook", "SEV3",
        "SendGrid stopped posting bounces after our endpoint moved",
        "The webhook pointed to the old host name, which answered with a redirect that SendGrid does not follow. Subscriptions were "
        "re-created and three days of bounces pulled from the activity API.",
        "bounces sendgrid",
    ),
]  # fmt: skip
QUESTIONS: dict[str, dict[str, int]] = {
    "oauth token expired": {"INC-9": 2, "INC-1": 1, "INC-17": 1},
    "hubspot 401": {"INC-1": 2},
    "api quota exceeded by import": {"INC-2": 2, "INC-11": 1},
    "who handled the unsubscribe delay": {"INC-6": 2, "INC-7": 1},
    "webhook signature rejected": {"INC-10": 2, "INC-20": 1, "INC-5": 1},
    "duplicate leads": {"INC-5": 2},
    "certificate": {"INC-17": 2},
    "form submissions not arriving in marketo": {"INC-4": 2, "INC-5": 1},
    "api version sunset google": {"INC-8": 2},
    "nothing received but 200 returned": {"INC-7": 2, "INC-19": 2},
    "too many requests": {"INC-11": 2, "INC-2": 2},
    "snowflake late": {"INC-14": 2},
    "required field missing salesforce": {"INC-3": 2},
    "job disabled no alarm": {"INC-16": 2, "INC-4": 1},
    "vendor outage status page green": {"INC-12": 2, "INC-18": 1},
    "wrong date format": {"INC-15": 2},
}


def documents() -> list[Document]:
    """The write-ups as documents, one a day."""
    return [
        Document(
            id=row[0],
            title=row[5],
            date=BEGIN + timedelta(days=at),
            body=row[6],
            integration=row[1],
            integration_name=row[2],
            failure_class=row[3],
            severity=row[4],
            owner="Ana Lima" if at % 2 else "Bo Chen",
            tags=tuple(row[7].split()),
        )
        for at, row in enumerate(ROWS)
    ]
