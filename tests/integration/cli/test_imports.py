import json
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from typer.testing import CliRunner

from app.accounts.users import NoSuchUser, NotAllowed
from app.cli.application import cli
from app.imports.applying import RowsRefused
from app.imports.mapping import MappingNotFound, mapping_names
from app.localdb import ClusterUrls
from tests.integration.cli.conftest import Run, count, running
from tests.mappings import PLACED


@pytest.fixture
def run(environment: None) -> Run:
    """Runs `pomapa import …`."""
    return running(cli, "import")


@pytest.fixture
def mapping(tmp_path: Path) -> str:
    file = tmp_path / "points.toml"
    file.write_text(PLACED)
    return str(file)


def points(folder: Path, *lines: str) -> str:
    file = folder / "points.csv"
    file.write_text("\n".join(["id;nazwa;lng;lat", *lines]) + "\n")
    return str(file)


def test_without_a_word_the_rows_go_to_the_queue(
    run: Run, mapping: str, database_urls: ClusterUrls, tmp_path: Path
) -> None:
    result = run(points(tmp_path, "1;Bar;20.6;50.8"), "--mapping", mapping)

    assert result.exit_code == 0
    assert "1 rows, put into the queue" in result.stderr
    assert count(database_urls, "core.submission") == 1
    assert count(database_urls, "published.feature") == 0


def test_publish_and_then_nothing_more_to_do(
    run: Run, mapping: str, database_urls: ClusterUrls, tmp_path: Path
) -> None:
    file = points(tmp_path, "1;Bar;20.6;50.8")

    first, second = (run(file, "--mapping", mapping, "--publish") for _ in range(2))

    assert "published" in first.stderr
    assert "as it was imported last time" in second.stderr
    assert count(database_urls, "published.feature") == 1


def test_a_dry_run_reports_to_a_file_and_writes_nothing(
    run: Run, mapping: str, database_urls: ClusterUrls, tmp_path: Path
) -> None:
    report = tmp_path / "report.json"
    file = points(tmp_path, "1;Bar;20.6;50.8", "2;Bar;50.8;20.6")

    result = run(file, "--mapping", mapping, "--dry-run", "--report", str(report))

    found = json.loads(report.read_text())
    assert result.exit_code == 0
    assert (found["counts"]["new"], found["counts"]["refused"], found["applied"]) == (1, 1, False)
    assert found["rows"][0]["row"] == 2
    assert found["rows"][0]["notes"][0]["code"] == "position_swapped"
    assert "row 2 (line 3): The position lies outside PL." in result.stderr
    assert count(database_urls, "core.feature") == 0


def test_a_bad_row_ends_it_with_the_report_and_skip_bad_goes_on(
    run: Run, mapping: str, database_urls: ClusterUrls, tmp_path: Path
) -> None:
    file = points(tmp_path, "1;Bar;20.6;50.8", "2;Bar;0;0")

    refused = run(file, "--mapping", mapping, "--publish")
    assert isinstance(refused.exception, RowsRefused)
    assert "nothing was imported" in refused.stderr
    assert count(database_urls, "core.feature") == 0

    assert run(file, "--mapping", mapping, "--publish", "--skip-bad").exit_code == 0
    assert count(database_urls, "core.feature") == 1


def grant(role: str, email: str) -> None:
    assert CliRunner().invoke(cli, ["users", "grant", role, email, "--name", "Ola"]).exit_code == 0


def audit(urls: ClusterUrls) -> set[tuple[str, str | None]]:
    engine = create_engine(urls.owner)
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                """
                SELECT a.actor_kind, u.email FROM core.audit a LEFT JOIN core."user" u ON u.id = a.actor_id
                WHERE a.action LIKE '%import%'
                """
            )
        ).all()
    engine.dispose()
    return {(row.actor_kind, row.email) for row in rows}


def test_the_audit_log_names_who_imports(
    run: Run, mapping: str, database_urls: ClusterUrls, tmp_path: Path
) -> None:
    grant("administrator", "ola@example.org")

    result = run(points(tmp_path, "1;Bar;20.6;50.8"), "-m", mapping, "--publish", "--as", " OLA@example.org ")

    assert result.exit_code == 0, result.exception
    assert "The audit log names Ola." in result.stderr
    assert audit(database_urls) == {("staff", "ola@example.org")}


def test_without_a_name_the_report_says_that_the_system_imports(
    run: Run, mapping: str, database_urls: ClusterUrls, tmp_path: Path
) -> None:
    report = tmp_path / "report.json"

    result = run(points(tmp_path, "1;Bar;20.6;50.8"), "-m", mapping, "--publish", "--report", str(report))

    assert "The audit log names system (--as EMAIL names a person)." in result.stderr
    assert json.loads(report.read_text())["by"] == "system"
    assert audit(database_urls) == {("system", None)}


@pytest.mark.parametrize(
    ("role", "options", "error"),
    [
        (None, (), NoSuchUser),
        ("moderator", (), NotAllowed),
        ("editor", ("--publish",), NotAllowed),
        ("editor", (), None),
    ],
)
def test_who_imports_has_to_exist_and_to_be_allowed_to(
    run: Run,
    mapping: str,
    database_urls: ClusterUrls,
    tmp_path: Path,
    role: str | None,
    options: tuple[str, ...],
    error: type[Exception] | None,
) -> None:
    if role:
        grant(role, "jan@example.org")

    result = run(points(tmp_path, "1;Bar;20.6;50.8"), "-m", mapping, "--as", "jan@example.org", *options)

    if error is None:
        assert result.exit_code == 0
        return
    assert isinstance(result.exception, error)
    assert count(database_urls, "core.submission") == count(database_urls, "core.feature") == 0


def test_somebody_suspended_imports_nothing(run: Run, mapping: str, tmp_path: Path) -> None:
    grant("administrator", "ola@example.org")
    grant("administrator", "jan@example.org")
    CliRunner().invoke(cli, ["users", "suspend", "jan@example.org"])

    result = run(points(tmp_path, "1;Bar;20.6;50.8"), "-m", mapping, "--as", "jan@example.org")

    assert isinstance(result.exception, NotAllowed)


def test_the_list_names_every_mapping_with_its_licence(run: Run) -> None:
    result = run("--list")

    assert all(name in result.stdout for name in mapping_names())
    assert "GPL-3.0" in result.stdout


def test_an_unknown_mapping_is_a_sentence(run: Run, tmp_path: Path) -> None:
    result = run(points(tmp_path), "--mapping", "nothing")

    assert isinstance(result.exception, MappingNotFound)


def test_a_file_and_a_mapping_are_asked_for(run: Run) -> None:
    assert run().exit_code == 2
