"""Security findings that were read and answered, one at a time.

Knows the form of an answer: one finding, one resource, one reason. Refuses to answer for a whole stack.
"""

from aws_cdk import Acknowledgment, Stack, Validations
from constructs import IConstruct


def accept(construct: IConstruct, finding: str, reason: str) -> None:
    """Answer one cdk-nag finding at one construct with a written reason."""
    if isinstance(construct, Stack):
        raise TypeError("a finding is accepted at one resource, never for a stack")
    Validations.of(construct).acknowledge(Acknowledgment(id=finding, reason=reason))
