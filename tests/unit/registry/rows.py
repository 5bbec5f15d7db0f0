"""Builders of registry files."""

from deadair.adapters.registry_file.problems import RegistryFileError
from deadair.adapters.registry_file.read import read_rows

OWNER = "{name: Ana Lima, email: ana.lima@example.com, slack_id: U0ANA}"
MINIMAL = f"""integrations:
- slug: hubspot-salesforce
  name: HubSpot → Salesforce
  owner: {OWNER}
"""


def a_file(*lines: str) -> bytes:
    """A file with one row: the minimal one and these lines (from line 5 on)."""
    return (MINIMAL + "".join(f"  {line}\n" for line in lines)).encode()


def problems_of(data: bytes) -> list[str]:
    """What reading says, one text per problem; empty when all is well."""
    try:
        read_rows(data, "registry.yaml")
    except RegistryFileError as error:
        return [str(problem) for problem in error.problems]
    return []
