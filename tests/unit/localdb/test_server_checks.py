import pytest

from app.localdb.problems import UnsuitableServer
from app.localdb.server_checks import refuse_old_version


@pytest.mark.parametrize("number", [140000, 150018, 180001])
def test_servers_from_14_on_are_taken(number: int) -> None:
    refuse_old_version(number)


@pytest.mark.parametrize(("number", "name"), [(139999, "13"), (90624, "9"), (0, "0")])
def test_an_older_server_is_named_and_refused(number: int, name: str) -> None:
    with pytest.raises(UnsuitableServer, match=rf"PostgreSQL {name}\. .*14 or newer"):
        refuse_old_version(number)
