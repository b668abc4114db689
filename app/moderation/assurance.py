"""Making sure out of band: the ways in which somebody finds out whom they speak to, and what they say of it."""

from dataclasses import dataclass
from typing import Final

from app.errors import Conflict, FieldProblem, InvalidInput
from app.i18n import N_

LONGEST: Final = 1000
LEAST_SAID: Final = 10
#: Ways to make sure; the first one is the program's own.
BY_MAILED_CODE: Final = "mailed_code"
WAYS: Final = (BY_MAILED_CODE, "called_back", "register", "letter", "domain_mail")
#: Whoever reads the mailbox of a shelter may be whom it hides from.
_BY_MAIL: Final = frozenset({BY_MAILED_CODE, "domain_mail"})


class OwnClaim(Conflict):
    """This is about your own organisation, so others decide on it."""


class SureAlready(Conflict):
    """You have made sure already. Somebody else has to make sure as well."""


def ways_open(*, by_two: bool, proved: bool) -> tuple[str, ...]:
    """Give the ways that are open: none by mail where it takes two, and that of the code after it was typed in."""
    return tuple(
        way for way in WAYS if (proved or way != BY_MAILED_CODE) and not (by_two and way in _BY_MAIL)
    )


@dataclass(frozen=True, slots=True)
class Assurance:
    """How somebody made sure: one of `WAYS`, and in their own words whom they reached, and how they knew the number."""

    way: str
    said: str

    def checked(self, *, by_two: bool) -> str:
        """Give the words as they are kept; `InvalidInput` where it is not said how. Of a protected place no mail is enough."""
        if self.way not in WAYS:
            raise InvalidInput(FieldProblem("way", "missing", N_("Choose how you have made sure.")))
        if by_two and self.way in _BY_MAIL:
            raise InvalidInput(
                FieldProblem("way", "protected", N_("A mail is not enough for a protected place."))
            )
        said = self.said.strip()
        if self.way != BY_MAILED_CODE and not LEAST_SAID <= len(said) <= LONGEST:
            raise InvalidInput(
                FieldProblem(
                    "said",
                    "too_long" if len(said) > LONGEST else "missing",
                    N_("Write whom you have reached, and where you have the number from."),
                )
            )
        return said[:LONGEST]
