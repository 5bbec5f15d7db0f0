"""What comes to the room beside facts: the schedule's wish that the knowledge base be made whole."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError


class Reconcile(BaseModel):
    """`{"reconcile": true}`, as the schedule and a deployment send it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    reconcile: Literal[True]


def asks_to_reconcile(body: str) -> bool:
    """Whether a message asks for that, and for nothing else."""
    try:
        return Reconcile.model_validate_json(body).reconcile
    except ValidationError:
        return False
