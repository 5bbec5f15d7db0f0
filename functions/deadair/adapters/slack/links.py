"""Addresses of the web pages that Slack points to: the site's own paths behind its host."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlencode

from deadair.domain import addresses

NO_FILTERS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Links:
    """Pages under one address, which may end in a slash or not."""

    web_url: str

    def incidents(self) -> str:
        """The list of incidents."""
        return self._at(addresses.INCIDENTS)

    def integrations(self) -> str:
        """Integrations and their owners."""
        return self._at(addresses.INTEGRATIONS)

    def actions(self) -> str:
        """What is to be done, the reader's own first."""
        return self._at(addresses.ACTIONS)

    def action(self, number: int) -> str:
        """The action items of an incident."""
        return f"{self.incident(number)}#actions"

    def search(self, query: str, filters: Mapping[str, str] = NO_FILTERS) -> str:
        """The search page with a query typed in and filters chosen."""
        return self._at(f"{addresses.POSTMORTEMS}?{urlencode({'q': query, **filters})}")

    def incident(self, number: int) -> str:
        """The page of an incident."""
        return self._at(addresses.incident(number))

    def postmortem_form(self, number: int) -> str:
        """Where the five questions are answered."""
        return f"{self.incident(number)}/postmortem"

    def postmortem_preview(self, number: int) -> str:
        """Where a postmortem is read before it is published."""
        return f"{self.postmortem_form(number)}/preview"

    def document(self, document_id: str) -> str:
        """A published postmortem. Its id can be any text."""
        return self._at(addresses.postmortem(document_id))

    def _at(self, path: str) -> str:
        return self.web_url.rstrip("/") + path
