"""An editor, who uploads and does not decide."""

from app.accounts.roles import Role
from tests.functional.desk.conftest import somebody

editor = somebody(Role.EDITOR, "editor@example.org")
