"""Where mail for a domain is handed in, as a name server on this machine says."""

import pytest

from app.mail import servers
from app.mail.servers import NOWHERE, REFUSES, Hosts, LookupFailed, NameServers, look_up, look_up_all
from app.notifications.mail_servers import believed
from tests.name_server import BROKEN, GONE, SILENT, Records, name_server

WRITTEN = {"MX": ["10 MX2.Stol.example.", "5 mx1.stol.example."]}


@pytest.mark.parametrize(
    ("records", "hosts"),
    [
        pytest.param(WRITTEN, ("mx1.stol.example", "mx2.stol.example"), id="names"),
        pytest.param({"MX": ["0 ."]}, REFUSES, id="null MX"),
        pytest.param({"MX": ["0 .", "5 mx1.stol.example."]}, ("mx1.stol.example",), id="null MX beside one"),
        pytest.param({"A": ["192.0.2.1"]}, ("stol.example",), id="an address alone"),
        pytest.param({"AAAA": ["2001:db8::1"]}, ("stol.example",), id="a new address alone"),
        pytest.param({"TXT": ["x"]}, NOWHERE, id="neither"),
        pytest.param(GONE, NOWHERE, id="no such domain"),
    ],
)
async def test_the_hosts_of_a_domain_are_names_in_one_form(records: Records, hosts: Hosts) -> None:
    async with name_server() as server:
        server.zone["stol.example"] = records
        assert await look_up(NameServers([("127.0.0.1", server.port)]), "stol.example") == hosts
        assert {name for name, _ in server.asked} == {"stol.example"}


@pytest.mark.parametrize("records", [BROKEN, SILENT], ids=["SERVFAIL", "silence"])
async def test_what_nobody_answers_is_not_nowhere(records: Records, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "LONGEST_S", 0.4)
    async with name_server() as server:
        asked = NameServers([("127.0.0.1", server.port)])
        server.zone["stol.example"] = records
        with pytest.raises(LookupFailed):
            await look_up(asked, "stol.example")
        assert await look_up_all(asked, ["stol.example"]) == {"stol.example": None}


def test_when_all_domains_are_gone_at_once_the_name_server_is_at_fault() -> None:
    known = {"a.example": ("mx.a.example",), "b.example": ("mx.b.example",)}
    gone: dict[str, Hosts | None] = {"a.example": NOWHERE, "b.example": NOWHERE}
    assert believed(gone, known) == {"a.example": None, "b.example": None}
    one_gone = gone | {"b.example": ("mx.b.example",)}
    assert believed(one_gone, known) == one_gone
    assert believed({"a.example": NOWHERE}, known) == {"a.example": NOWHERE}
