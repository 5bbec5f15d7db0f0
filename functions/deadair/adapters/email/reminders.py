"""The digest of somebody's morning as a letter, from `templates/email/reminders.toml`. Plain text: nothing is escaped.

Knows that line breaks in what people wrote become spaces, so that nobody can write a letter of their own into ours.
"""

from deadair.adapters.email.letters import Letter
from deadair.adapters.slack.links import Links
from deadair.adapters.slack.mrkdwn import one_line
from deadair.adapters.slack.phrases import folder, words_in
from deadair.adapters.slack.reminders import due_words, named
from deadair.domain.action_item import ActionItem
from deadair.domain.reminding import Digest, Waiting

LONGEST, LINES = 200, 40


def digest_letter(digest: Digest, links: Links) -> Letter:
    """What one person is told."""
    items = [*digest.overdue, *digest.soon, *digest.later]
    lines = [_item(item, digest, links) for item in items] + [_postmortem(one, links) for one in digest.waiting]
    values = {
        "name": one_line(digest.person.name, LONGEST),
        "address": one_line(digest.person.email, LONGEST) or "no address",
        "named": named(digest),
        "lines": "\n".join(lines[:LINES]),
        "page": links.actions(),
    }
    return Letter(*[_phrase(part).format_map(values) for part in ("subject", "body", "operators")])


def _item(item: ActionItem, digest: Digest, links: Links) -> str:
    text = one_line(item.text, LONGEST)
    return _phrase("item").format(
        id=item.id, text=text, due=due_words(item, digest.day), page=item.link or links.action(item.incident)
    )


def _postmortem(one: Waiting, links: Links) -> str:
    page = links.postmortem_form(one.incident)
    return _phrase("draft" if one.draft else "review").format(id=f"INC-{one.incident}", page=page)


def _phrase(key: str) -> str:
    return str(words_in(folder().parent / "email" / "reminders.toml")[key]).strip()
