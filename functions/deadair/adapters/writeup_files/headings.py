"""The first heading of a Markdown text. Pure."""

import re

HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.+?)[ \t#]*$|^(\S.*)\n=+[ \t]*$", re.MULTILINE)


def first_heading(body: str) -> str:
    """Its words; empty where there is none."""
    found = HEADING.search(body)
    return (found[1] or found[2] or "").strip() if found else ""
