"""Markup as plain text, for the places where Slack shows none: what stands at a field of a modal.

Knows the marks that our own phrases use. Refuses to know what they say.
"""

import re

from deadair.adapters.slack.mrkdwn import one_line

# What Slack shows below a field without making the form unreadable.
SHOWN = 300
MARKED = re.compile(r"<(?:!date\^[^|>]*|[^|>]*)\|([^>]*)>")
BARE = re.compile(r"<(?:[@#!])?([^|>]*)>")


def plainly(markup: str) -> str:
    """One line without marks: links and times by their words, entities as characters."""
    text = BARE.sub(r"\1", MARKED.sub(r"\1", markup)).replace("*", "").replace("`", "")
    return one_line(text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"), SHOWN)
