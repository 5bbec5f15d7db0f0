"""What may be wrong when an issuer is asked who somebody is.

Unavailable
├── IssuerDown        the issuer did not answer in a way that can be used; asked again later it may
└── Misconfigured     what we were told about the issuer is wrong; only an operator can mend it
NotGenuine
└── NotProved         what came does not prove who somebody is; signing in once more may
"""

from deadair.domain.errors import NotGenuine, Unavailable


class IssuerDown(Unavailable):
    """The issuer did not answer in a way that can be used; asked again later it may."""


class Misconfigured(Unavailable):
    """What we were told about the issuer is wrong; only an operator can mend it."""


class NotProved(NotGenuine):
    """What came does not prove who somebody is. The message is for the log: one word of ours, no value of theirs."""
