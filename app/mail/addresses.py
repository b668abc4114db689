"""E-mail addresses as they go into a header: one person, nothing that could become another header."""

import re

from email_validator import EmailNotValidError, ValidatedEmail, validate_email

from app.errors import FieldProblem, InvalidInput
from app.i18n import N_

LONGEST = 254
_BREAKS = re.compile("[\x00-\x1f\x7f\u0085\u2028\u2029]")

WRITE_AN_ADDRESS = N_("Write an e-mail address, for example ola@poczta.pl.")


class UnusableAddress(InvalidInput):
    """This e-mail address cannot be used."""


def normalised(address: str, *, field: str = "email") -> str:
    """The address in the one form it is stored and compared in: trimmed, lower case.

    `UnusableAddress` names `field` for what is no address of one mailbox on the internet. No name
    server is asked: whether mail arrives, the mail shows.
    """
    return _valid(address, field).normalized.lower()


def domain_of(address: str) -> str:
    """The domain of an address as name servers know it: in ASCII, lower case. `UnusableAddress`."""
    return _valid(address, "email").ascii_domain.lower()


def _valid(address: str, field: str) -> ValidatedEmail:
    trimmed = address.strip()
    if len(trimmed) > LONGEST or has_break(trimmed):
        raise UnusableAddress(FieldProblem(field, "email", WRITE_AN_ADDRESS))
    try:
        return validate_email(
            trimmed,
            check_deliverability=False,
            allow_quoted_local=False,
            allow_domain_literal=False,
            test_environment=True,
        )
    except EmailNotValidError as error:
        raise UnusableAddress(FieldProblem(field, "email", WRITE_AN_ADDRESS)) from error


def has_break(text: str) -> bool:
    """Whether a text has a line break or another control character, which no header may have."""
    return _BREAKS.search(text) is not None
