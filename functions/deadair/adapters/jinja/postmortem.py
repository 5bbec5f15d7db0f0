"""A postmortem in words: Markdown, HTML, facts and suggested answers, from templates/postmortem/.

Knows templates and their variables. Refuses to know stores, and what any word means.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

from deadair.adapters.jinja.environment import called, environment, markdown_environment, templates_folder
from deadair.adapters.jinja.filters import duration, utc_text


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
    kind = "open" if lengths["to_resolve"] is None else "resolved"
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


def document_markdown(variables: Mapping[str, Any]) -> str:
    """The document as Markdown with YAML front matter."""
    return markdown_environment("postmortem").get_template("document.md").render(variables)


def document_html(variables: Mapping[str, Any]) -> str:
    """The document as an HTML fragment that stands by itself."""
    return environment("postmortem").get_template("document.html").render(variables)


def suggestion(key: str, variables: Mapping[str, Any]) -> str:
    """What the data know about one of the five questions, as Markdown; empty when nothing."""
    return markdown_environment("postmortem").get_template(f"suggested/{key}.md").render(variables).strip()


def imported_markdown(variables: Mapping[str, Any]) -> str:
    """An old postmortem as Markdown: our front matter, its own words."""
    return markdown_environment("postmortem").get_template("imported.md").render(variables)


def imported_html(variables: Mapping[str, Any]) -> str:
    """An old postmortem as an HTML fragment that stands by itself."""
    return environment("postmortem").get_template("imported.html").render(variables)
