import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT_IMPORTS, "--no-cache"], cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )


def test_levels_and_contracts_hold() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


def test_planted_breaches_are_found(tmp_path: Path) -> None:
    for name in ("app", "geo"):
        for source in (ROOT / name).rglob("*.py"):
            copy = tmp_path / source.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(source.read_bytes())
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    breaches = {
        "geo/planted.py": "import fastapi",
        "app/config.py": "import app.db",
        "app/features/planted.py": "import starlette",
        "app/layers/aid_points/planted.py": "import app.layers.organisations",
        "app/strangers/__init__.py": "",
    }
    for place, line in breaches.items():
        (tmp_path / place).parent.mkdir(exist_ok=True)
        with (tmp_path / place).open("a") as file:
            file.write(f"\n{line}\n")

    found = lint(tmp_path).stdout

    broken = {row.removesuffix(" BROKEN") for row in found.splitlines() if row.endswith(" BROKEN")}
    assert broken >= {
        "A level imports only downwards; slices on one level do not know each other",
        "A layer does not know another layer; the registry knows them all",
        "geo knows nothing of app, FastAPI or Pydantic",
        "The domain knows no HTTP",
    }
    assert "strangers" in found
