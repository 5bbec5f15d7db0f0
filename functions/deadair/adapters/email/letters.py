"""Letters to people: by e-mail (SES), and where that cannot be, to the operators' topic (SNS).

Knows both services and their limits. Refuses to know when a letter is due. A letter that neither takes is an
Unavailable; sent twice is possible, lost is not.
"""

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deadair.domain.errors import Unavailable
from deadair.domain.ownership import Person

EMAIL, OPERATORS = "email", "operators"
# SNS refuses longer subjects, line breaks and anything beyond ASCII.
SUBJECT = 100
UTF8 = "UTF-8"


@dataclass(frozen=True, slots=True)
class Letter:
    """Plain text. `for_operators` is put above it when it goes to the operators instead."""

    subject: str
    body: str
    for_operators: str = ""


@dataclass(frozen=True, slots=True)
class Letters:
    """`ses` and `sns` are low-level clients (SES's version 2). An empty `sender` sends no e-mail."""

    ses: Any
    sns: Any
    sender: str
    topic: str

    def send(self, person: Person, letter: Letter) -> str:
        """Send it. Returns the way that it went. Raises Unavailable."""
        if self.sender and "@" in person.email and self._mailed(person.email, letter):
            return EMAIL
        self.tell_operators(Letter(letter.subject, f"{letter.for_operators.strip()}\n\n{letter.body}"))
        return OPERATORS

    def tell_operators(self, letter: Letter) -> None:
        """What only somebody with the keys can mend. Raises Unavailable."""
        try:
            self.sns.publish(TopicArn=self.topic, Subject=_ascii_line(letter.subject), Message=letter.body)
        except (BotoCoreError, ClientError) as error:
            raise Unavailable(f"The operators' topic did not take a letter: {type(error).__name__}.") from error

    def _mailed(self, address: str, letter: Letter) -> bool:
        """False: SES does not send it, for whatever reason; the operators are told then."""
        content = {
            "Subject": {"Data": " ".join(letter.subject.split()), "Charset": UTF8},
            "Body": {"Text": {"Data": letter.body, "Charset": UTF8}},
        }
        try:
            self.ses.send_email(
                FromEmailAddress=self.sender, Destination={"ToAddresses": [address]}, Content={"Simple": content}
            )
        except (BotoCoreError, ClientError):
            return False
        return True


def _ascii_line(text: str) -> str:
    plain = " ".join(text.encode("ascii", "replace").decode().split())
    return plain[:SUBJECT] or "Deadair"
