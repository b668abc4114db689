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
