import pytest
from pydantic import ValidationError

from app.config import Settings


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://pomapa_reader:hush@one,two/pomapa",
        "postgresql://pomapa_reader:hush@/pomapa?host=one:5432&host=two:5432",
        "postgresql://pomapa_reader:hush@/pomapa?host=one,two",
        "postgresql://pomapa_reader:hush@name/pomapa?hostaddr=10.0.0.1,10.0.0.2",
        "postgresql://pomapa_reader:hush@one,two/pomapa?target_session_attrs=any",
        "postgresql://pomapa_reader:hush@one,two/pomapa?target_session_attrs=prefer-standby",
    ],
)
@pytest.mark.parametrize("name", ["database_read_url", "database_url"])
def test_a_process_that_would_read_from_several_servers_does_not_start(name: str, url: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings.model_validate({name: url})
    assert f"{name.upper()} has several hosts" in str(refused.value)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "postgresql://pomapa_reader:a,b@one/pomapa",
        "postgresql://pomapa_reader:hush@/pomapa?host=/run/postgresql",
        "postgresql://pomapa_reader:hush@one,two/pomapa?target_session_attrs=primary",
        "postgresql://pomapa_reader:hush@one,two/pomapa?target_session_attrs=read-write",
    ],
)
def test_one_server_or_the_one_that_is_written_to_is_read_from(url: str) -> None:
    assert Settings.model_validate({"database_read_url": url}).database_read_url == url


def test_several_hosts_of_the_owner_do_not_matter_where_reading_has_its_own() -> None:
    Settings.model_validate(
        {"database_url": "postgresql://o@one,two/pomapa", "database_read_url": "postgresql://r@three/pomapa"}
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://mail.example",
        "smtp://",
        "mail.example:25",
        "smtp://mail.example:x",
        "smtp://mail.example:99999",
    ],
)
def test_an_address_that_names_no_mail_server_is_refused_by_every_command(url: str) -> None:
    with pytest.raises(ValidationError, match="It has to look like smtp:"):
        Settings.model_validate({"smtp_url": url})


@pytest.mark.parametrize("url", ["", "smtp://mail.example", "smtps://a%40b:p%3Aw@mail.example:465"])
def test_a_mail_server_or_none_is_taken(url: str) -> None:
    assert Settings.model_validate({"smtp_url": url}).smtp_url == url


@pytest.mark.parametrize(
    "given", ["ns.example", "9.9.9.9:x", "9.9.9.9:99999", "off,9.9.9.9", "https://9.9.9.9"]
)
def test_what_is_no_address_of_a_name_server_is_refused_by_every_command(given: str) -> None:
    with pytest.raises(ValidationError, match="addresses of name servers"):
        Settings.model_validate({"name_servers": given})


def test_name_servers_are_addresses_with_or_without_a_port() -> None:
    read = Settings.model_validate({"name_servers": "9.9.9.9, 127.0.0.1:5353,::1,[::1]:54"})
    assert read.name_server_addresses == (("9.9.9.9", 53), ("127.0.0.1", 5353), ("::1", 53), ("::1", 54))
    assert Settings.model_validate({"name_servers": ""}).asks_name_servers
    off = Settings.model_validate({"name_servers": "off"})
    assert (off.asks_name_servers, off.name_server_addresses) == (False, ())


def _service(**more: object) -> dict[str, object]:
    return {
        "issuer": "https://login.gdansk.example/realms/office",
        "client_id": "pomapa",
        "client_secret": "hush-hush",
        "name": "Miasto Gdańsk",
        "mail_domains": "Gdansk.example, urzad.gdansk.example",
    } | more


def test_services_of_municipalities_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in _service(names__uk="Місто Гданськ", client_secret="12345").items():
        monkeypatch.setenv(f"OIDC__GDANSK__{name.upper()}", str(value))
    found = Settings().oidc["gdansk"]
    assert found.mail_domains == ("gdansk.example", "urzad.gdansk.example")
    assert (found.called("uk"), found.called("de")) == ("Місто Гданськ", "Miasto Gdańsk")
    assert found.client_secret.get_secret_value() == "12345"
    assert found.second_step == ()
    assert "12345" not in repr(Settings())


@pytest.mark.parametrize(
    "more",
    [
        {"issuer": "http://login.gdansk.example"},
        {"issuer": "http://localhost.gdansk.example"},
        {"issuer": "https://login.gdansk.example?a=b"},
        {"issuer": "https://user:password@login.gdansk.example"},
        {"issuer": "https://"},
        {"issuer": "file:///etc/passwd"},
        {"client_secret": ""},
        {"client_id": ""},
        {"mail_domains": ""},
        {"mail_domains": "*.example"},
        {"mail_domains": "anna@gdansk.example"},
        {"mail_domains": "example"},
    ],
    ids=str,
)
def test_a_service_that_could_not_be_trusted_is_refused_by_every_command(more: dict[str, object]) -> None:
    Settings.model_validate({"oidc": {"gdansk": _service()}})
    with pytest.raises(ValidationError):
        Settings.model_validate({"oidc": {"gdansk": _service(**more)}})


def test_a_service_on_ones_own_machine_is_for_those_who_develop() -> None:
    here = {"oidc": {"gdansk": _service(issuer="http://localhost:8080")}}
    Settings.model_validate(here)
    secret = "0123456789abcdef" * 4
    with pytest.raises(ValidationError, match="OIDC__GDANSK__ISSUER"):
        Settings.model_validate({"environment": "production", "secret_key": secret, **here})


@pytest.mark.parametrize(
    "more",
    [
        {"issuer": "https://login.sopot.example"},
        {"mail_domains": "sopot.example"},
        {"mail_domains": "sopot.example", "issuer": "https://login.gdansk.example/realms/office/"},
    ],
    ids=str,
)
def test_two_services_have_nothing_in_common(more: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="in common"):
        Settings.model_validate({"oidc": {"gdansk": _service(), "sopot": _service(**more)}})


@pytest.mark.parametrize("name", ["Gdańsk", "a/b", "", "a" * 31])
def test_the_short_name_of_a_service_fits_into_an_address(name: str) -> None:
    with pytest.raises(ValidationError, match="letters and digits"):
        Settings.model_validate({"oidc": {name: _service()}})
