"""A postmortem in words: Markdown and HTML from templates, and the phrases of its facts.

Knows the phrases of `words.toml`. Refuses to know stores, and what any word means.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

from deadair.adapters.jinja.environment import called, markdown_environment, templates_folder
from deadair.adapters.jinja.filters import duration, utc_text
from deadair.adapters.jinja.postmortem_html import document_html as html_of
from deadair.adapters.jinja.postmortem_templates import Rendered, Templates

__all__ = [
    "Rendered",
    "Templates",
    "class_words",
    "document_html",
    "document_markdown",
    "facts",
    "imported_html",
    "imported_markdown",
    "signal_words",
    "suggestion",
    "summary",
    "words",
]


@cache
def words() -> dict[str, dict[str, str]]:
    """The phrases of `words.toml`."""
    return tomllib.loads((templates_folder() / "postmortem" / "words.toml").read_text("utf-8"))


def facts(told: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The rows of the facts table that have something to say, as label and text."""
    labels = words()["facts"]
    shown: dict[str, str] = {name: told[name] for name in ("owner", "severity")}
    shown |= {"integration": told["integration_name"], "failure_class": class_words(told["failure_class"])}
    shown |= {"consent": labels["yes"] if told["consent"] else ""}
    shown |= {f"{step['name']}_at": utc_text(step["at"], "") for step in told["milestones"]}
    shown |= {name: duration(seconds, "") for name, seconds in told["durations_s"].items()}
    return [(label, shown[name]) for name, label in labels.items() if shown.get(name)]


def summary(told: Mapping[str, Any]) -> str:
    """One sentence: for how long, and after how long it was found."""
    lengths = told["durations_s"]
    started = next(step["at"] for step in told["milestones"] if step["name"] == "started")
    kind = "open" if lengths["to_resolve"] is None else "resolved" if lengths["to_detect"] else "at_once"
    return words()["summary"][kind].format(
        integration=told["integration_name"],
        down=duration(lengths["to_resolve"]),
        detect=duration(lengths["to_detect"]),
        started=utc_text(started),
    )


def class_words(failure_class: str) -> str:
    """A failure class as people say it."""
    return str(called()["class_word"].get(failure_class, failure_class))


def signal_words(signal: str) -> str:
    """What the alarm watched, as people say it."""
    return words()["signal"].get(signal, signal)


def document_markdown(told: Mapping[str, Any]) -> str:
    """The document as Markdown with YAML front matter, by our own templates."""
    return Templates().document(told).markdown


def suggestion(key: str, variables: Mapping[str, Any]) -> str:
    """What the data know about one of the five questions, by our own templates."""
    return Templates().suggestion(key, variables)


def imported_markdown(variables: Mapping[str, Any]) -> str:
    """An old postmortem as Markdown: our front matter, its own words."""
    return markdown_environment("postmortem").get_template("imported.md").render(variables)


def document_html(told: Mapping[str, Any]) -> str:
    """The document as an HTML file that stands by itself."""
    return html_of(told if "markdown" in told else {**told, "markdown": document_markdown(told)})


def imported_html(variables: Mapping[str, Any]) -> str:
    """An old postmortem as an HTML file that stands by itself."""
    return html_of({**variables, "imported": True, "markdown": imported_markdown(variables)})
