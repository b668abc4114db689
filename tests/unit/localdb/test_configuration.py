from pathlib import Path

from app.localdb.configuration import HBA, configuration
from app.localdb.places import Places


def places(base: Path) -> Places:
    return Places(base / "data", base / "log", base / "run", base / "secret", base / "a", base / "b")


def settings(text: str) -> dict[str, str]:
    pairs = (line.split(" = ", 1) for line in text.splitlines() if " = " in line and not line.startswith("#"))
    return {name: value.strip("'") for name, value in pairs}


def test_the_server_is_durable_private_and_silent_about_people() -> None:
    found = settings(configuration(places(Path("/srv/p")), memory_mb=4096))

    assert found["listen_addresses"] == ""
    assert {found[name] for name in ("fsync", "synchronous_commit", "full_page_writes")} == {"on"}
    assert found["log_statement"] == "none"
    assert found["log_min_error_statement"] == "panic"
    assert found["log_error_verbosity"] == "terse"
    assert found["log_parameter_max_length"] == found["log_parameter_max_length_on_error"] == "0"
    assert found["jit"] == "off"
    assert "trust" not in HBA
    assert "host" not in HBA


def test_odd_folder_names_stay_one_folder() -> None:
    text = configuration(places(Path('/srv/it\'s, "mine"')), memory_mb=4096)

    assert """unix_socket_directories = '"/srv/it''s, ""mine""/run"'""" in text


def test_memory_is_taken_in_proportion() -> None:
    assert settings(configuration(places(Path("/p")), memory_mb=1024))["shared_buffers"] == "128MB"
    assert settings(configuration(places(Path("/p")), memory_mb=64000))["shared_buffers"] == "512MB"


def test_the_quick_compression_is_for_servers_that_have_it() -> None:
    assert settings(configuration(places(Path("/p"))))["wal_compression"] == "on"
    quick = configuration(places(Path("/p")), has_quick_compression=True)
    assert settings(quick)["wal_compression"] == "lz4"
