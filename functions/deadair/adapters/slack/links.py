"""Addresses of the web pages that Slack points to. Knows paths only."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode


@dataclass(frozen=True, slots=True)
class Links:
    """Pages under one address, which may end in a slash or not."""

    web_url: str

    def incidents(self) -> str:
        """The list of incidents."""
        return f"{self.web_url.rstrip('/')}/incidents"

    def integrations(self) -> str:
        """Integrations and their owners."""
        return f"{self.web_url.rstrip('/')}/integrations"

    def search(self, query: str) -> str:
        """The search page with a query typed in."""
        return f"{self.web_url.rstrip('/')}/postmortems?{urlencode({'q': query})}"

    def incident(self, number: int) -> str:
        """The page of an incident."""
        return f"{self.web_url.rstrip('/')}/incidents/INC-{number}"

    def postmortem_form(self, number: int) -> str:
        """Where the five questions are answered."""
        return f"{self.incident(number)}/postmortem"

    def document(self, document_id: str) -> str:
        """A published postmortem."""
        return f"{self.web_url.rstrip('/')}/postmortems/{quote(document_id, safe='')}"
