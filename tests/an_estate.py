"""A registry of as many rows as a claim needs, as companies grow one.

A few systems meet everything, many are small, and some stand alone. The same number gives the same rows.
"""

import random

from deadair.domain.ownership import Integration, Person

HUBS = ["Salesforce", "HubSpot", "Snowflake", "Marketo", "Braze", "Stripe", "Zendesk", "NetSuite"]
SMALL = [
    "Typeform",
    "Shopify",
    "Intercom",
    "Slack",
    "Segment",
    "Clearbit",
    "Gong",
    "Outreach",
    "Workday",
    "Greenhouse",
    "Jira",
    "Confluence",
    "Asana",
    "DocuSign",
    "Twilio",
    "SendGrid",
    "Klaviyo",
    "Eventbrite",
    "Calendly",
    "Chargebee",
    "Looker",
    "Tableau",
    "GA4",
    "Amplitude",
    "Iterable",
    "Xero",
]
SMALL += ["Website forms", "Zoom Webinars", "Google Ads", "Meta Conversions API", "Preference centre", "Partner portal"]
SYSTEMS = [*HUBS * 4, *SMALL]
OWNERS = ("Ana Lima", "Jürgen Weiß", "Priya Raman", "Siobhán Ní Bhriain", "Maren Holt", "Kofi Mensah")


def an_estate(count: int, seed: int = 3) -> list[Integration]:
    """So many rows: most between a hub and something else, some between two that nothing else touches."""
    chance = random.Random(seed)
    rows: list[tuple[str, str, str]] = []
    for number in range(count):
        if chance.random() < 0.1:
            source, destination = f"Plant {number}", f"Ledger {number}"
        else:
            source, destination = chance.sample(SYSTEMS, 2)
            if source == destination:  # a hub is in the list more than once
                destination = "Slack"
        rows.append((f"i{number:04}-{source[:4].lower().strip().replace(' ', '-')}-sync", source, destination))
    return [_row(slug, source, destination, rows, chance) for slug, source, destination in rows]


def _row(
    slug: str, source: str, destination: str, rows: list[tuple[str, str, str]], chance: random.Random
) -> Integration:
    near = [other for other, begins, _ in rows if begins == destination and other != slug]
    owner = Person("") if chance.random() < 0.06 else Person(chance.choice(OWNERS))
    told = {
        "slug": slug,
        "dependents": sorted(chance.sample(near, min(len(near), chance.choice((0, 0, 1, 2))))),
        "thresholds": {} if chance.random() < 0.15 else {"silence_min": 60},
    }
    name = f"{source} → {destination}{chance.choice(('', '', ' (nightly)', ': contacts and companies', ' events'))}"
    return Integration(slug, name, owner, source=source, destination=destination, row=told)
