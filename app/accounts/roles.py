"""What people of staff are, and what each of them may do. Not listed means not allowed."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol


class Role(StrEnum):
    """What somebody was made by an administrator."""

    EDITOR = "editor"
    MODERATOR = "moderator"
    ADMINISTRATOR = "administrator"


_E, _M, _A = Role.EDITOR, Role.MODERATOR, Role.ADMINISTRATOR
#: What everybody of staff may do before they have set up a second step.
OWN_ACCOUNT = "account.own"
#: Every permission there is, with who has it. An editor keeps data right but decides about nobody's submission.
PERMISSIONS: dict[str, frozenset[Role]] = {
    OWN_ACCOUNT: frozenset({_E, _M, _A}),
    "desk.enter": frozenset({_E, _M, _A}),
    "submission.see": frozenset({_M, _A}),
    "submission.decide": frozenset({_M, _A}),
    "report.see": frozenset({_M, _A}),
    "report.resolve": frozenset({_M, _A}),
    "missing.see": frozenset({_E, _M, _A}),
    "feature.see": frozenset({_E, _M, _A}),
    "layer.as_of": frozenset({_E, _M, _A}),
    "feature.edit": frozenset({_E, _M, _A}),
    "feature.publish": frozenset({_M, _A}),
    "feature.unpublish": frozenset({_M, _A}),
    "feature.verify": frozenset({_E, _M, _A}),
    "feature.merge": frozenset({_M, _A}),
    "duplicate.see": frozenset({_E, _M, _A}),
    "partner_contact.see": frozenset({_E, _M, _A}),
    "import.run": frozenset({_E, _A}),
    "import.publish": frozenset({_A}),
    "import.stage": frozenset({_E, _M, _A}),
    "import.decide": frozenset({_M, _A}),
    "user.see": frozenset({_A}),
    "user.grant": frozenset({_A}),
    "audit.see": frozenset({_A}),
    "taxonomy.manage": frozenset({_A}),
    "area.see": frozenset({_E, _M, _A}),
    "area.manage": frozenset({_A}),
    "mail.see": frozenset({_A}),
    "banner.post": frozenset({_A}),
    "letter.word": frozenset({_A}),
    # What the people of an organisation may do, `app.accounts.memberships` knows; of staff only administrators look after them.
    "organisation.see": frozenset({_A}),
    "organisation.people": frozenset({_A}),
    "organisation.speak": frozenset(),
    "organisation.table": frozenset(),
    # Let a verified organisation publish changes of its own places by itself; two of them do.
    "organisation.trust": frozenset({_A}),
}


#: What concerns the whole installation: a role that is limited to some units or layers does not include it.
EVERYWHERE: frozenset[str] = frozenset(
    {
        "layer.as_of",
        "import.run",
        "import.publish",
        "user.see",
        "user.grant",
        "audit.see",
        "taxonomy.manage",
        "area.manage",
        "mail.see",
        "banner.post",
        "letter.word",
    }
)
#: The roles that one person alone does not give: with them somebody decides what the public reads.
BY_TWO: frozenset[Role] = frozenset({_M, _A})


class Held(Protocol):
    """A role that somebody has; `areas` and `layers` are None where it is not limited."""

    @property
    def role(self) -> str:
        """The role's code."""
        ...

    @property
    def areas(self) -> Sequence[str] | None:
        """Codes of units."""
        ...

    @property
    def layers(self) -> Sequence[str] | None:
        """Keys of layers."""
        ...


class Holder(Protocol):
    """Anybody who has roles."""

    @property
    def held(self) -> Sequence[Held]:
        """Those that hold at this moment."""
        ...


def may(user: Holder | None, permission: str) -> bool:
    """Whether this user (None: nobody signed in) has a permission anywhere; False for one that does not exist.

    Where they have it, `app.accounts.scopes` knows.
    """
    return bool(grants_with(user, permission))


def grants_with(user: Holder | None, permission: str) -> list[Held]:
    """Give those of somebody's roles that include a permission."""
    roles = PERMISSIONS.get(permission, frozenset())
    return [
        held
        for held in (user.held if user is not None else ())
        if held.role in roles and (permission not in EVERYWHERE or is_unlimited(held))
    ]


def is_unlimited(held: Held) -> bool:
    """Whether a role holds everywhere and for every layer."""
    return held.areas is None and held.layers is None
