"""What people of staff are, and what each of them may do. Not listed means not allowed."""

from enum import StrEnum
from typing import Protocol


class Role(StrEnum):
    """What somebody was made by an administrator."""

    EDITOR = "editor"
    MODERATOR = "moderator"
    ADMINISTRATOR = "administrator"


_E, _M, _A = Role.EDITOR, Role.MODERATOR, Role.ADMINISTRATOR
#: Every permission there is, with who has it. An editor keeps data right but decides about nobody's submission.
PERMISSIONS: dict[str, frozenset[Role]] = {
    "desk.enter": frozenset({_E, _M, _A}),
    "submission.see": frozenset({_M, _A}),
    "submission.decide": frozenset({_M, _A}),
    "report.see": frozenset({_M, _A}),
    "report.resolve": frozenset({_M, _A}),
    "missing.see": frozenset({_E, _M, _A}),
    "feature.see": frozenset({_E, _M, _A}),
    "feature.edit": frozenset({_E, _M, _A}),
    "feature.publish": frozenset({_M, _A}),
    "feature.unpublish": frozenset({_M, _A}),
    "feature.verify": frozenset({_E, _M, _A}),
    "partner_contact.see": frozenset({_E, _M, _A}),
    "import.run": frozenset({_E, _A}),
    "import.publish": frozenset({_A}),
    "user.see": frozenset({_A}),
    "user.grant": frozenset({_A}),
    "audit.see": frozenset({_A}),
    "mail.see": frozenset({_A}),
}


class WithRole(Protocol):
    """Anybody who has a role."""

    @property
    def role(self) -> str:
        """The role's code."""
        ...


def may(user: WithRole | None, permission: str) -> bool:
    """Whether this user (None: nobody signed in) has a permission; False for one that does not exist."""
    return user is not None and user.role in PERMISSIONS.get(permission, frozenset())
