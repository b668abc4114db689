from dataclasses import dataclass

import pytest

from app.accounts.roles import EVERYWHERE, PERMISSIONS, Role, may


@dataclass(frozen=True)
class OneRole:
    role: str
    areas: list[str] | None = None
    layers: list[str] | None = None


@dataclass(frozen=True)
class Somebody:
    role: str
    areas: list[str] | None = None

    @property
    def held(self) -> list[OneRole]:
        return [OneRole(self.role, self.areas)]


MODERATION = {
    *("submission.see", "submission.decide", "feature.publish", "feature.unpublish"),
    *("report.see", "report.resolve", "feature.merge", "import.decide"),
}
ADMINISTRATION = {
    *("import.publish", "user.see", "user.grant", "audit.see", "mail.see"),
    *("organisation.see", "organisation.people", "taxonomy.manage"),
    *("banner.post", "letter.word", "area.manage", "organisation.trust"),
}
#: In an organisation's name speak its own people alone.
NOBODY_OF_STAFF = {"organisation.speak", "organisation.table"}


@pytest.mark.parametrize("permission", sorted(NOBODY_OF_STAFF))
def test_no_role_of_staff_speaks_for_others(permission: str) -> None:
    assert not any(may(Somebody(role), permission) for role in Role)


@pytest.mark.parametrize("permission", sorted(PERMISSIONS.keys() - NOBODY_OF_STAFF))
def test_each_permission_belongs_to_some_and_never_to_strangers(permission: str) -> None:
    assert may(Somebody(Role.ADMINISTRATOR), permission)
    assert may(Somebody(Role.MODERATOR), permission) == (permission not in ADMINISTRATION | {"import.run"})
    assert may(Somebody(Role.EDITOR), permission) == (permission not in ADMINISTRATION | MODERATION)
    assert not may(None, permission)
    assert not may(Somebody("visitor"), permission)


@pytest.mark.parametrize("permission", ["", "everything", "submission", "submission.decide "])
def test_what_is_not_listed_is_not_allowed(permission: str) -> None:
    assert not may(Somebody(Role.ADMINISTRATOR), permission)


@pytest.mark.parametrize("permission", sorted(PERMISSIONS))
def test_a_limited_role_includes_nothing_of_the_whole_installation(permission: str) -> None:
    limited = Somebody(Role.EDITOR, ["PL-2661"])
    assert may(limited, permission) == (
        may(Somebody(Role.EDITOR), permission) and permission not in EVERYWHERE
    )
