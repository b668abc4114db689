from dataclasses import dataclass

import pytest

from app.accounts.roles import PERMISSIONS, Role, may


@dataclass(frozen=True)
class Somebody:
    role: str


MODERATION = {
    *("submission.see", "submission.decide", "feature.publish", "feature.unpublish"),
    *("report.see", "report.resolve"),
}
ADMINISTRATION = {"import.publish", "user.see", "user.grant", "audit.see", "mail.see"}


@pytest.mark.parametrize("permission", sorted(PERMISSIONS))
def test_each_permission_belongs_to_some_and_never_to_strangers(permission: str) -> None:
    assert may(Somebody(Role.ADMINISTRATOR), permission)
    assert may(Somebody(Role.MODERATOR), permission) == (permission not in ADMINISTRATION | {"import.run"})
    assert may(Somebody(Role.EDITOR), permission) == (permission not in ADMINISTRATION | MODERATION)
    assert not may(None, permission)
    assert not may(Somebody("visitor"), permission)


@pytest.mark.parametrize("permission", ["", "everything", "submission", "submission.decide "])
def test_what_is_not_listed_is_not_allowed(permission: str) -> None:
    assert not may(Somebody(Role.ADMINISTRATOR), permission)
