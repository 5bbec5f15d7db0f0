"""The templates: where they lie, and how values become text in them without ever becoming code."""

from deadair.adapters.jinja.environment import environment, markdown_environment, templates_folder
from deadair.adapters.jinja.markdown import Trusted, escape_markdown, headings, markdown
from deadair.domain.visible import visible

__all__ = [
    "Trusted",
    "environment",
    "escape_markdown",
    "headings",
    "markdown",
    "markdown_environment",
    "templates_folder",
    "visible",
]
