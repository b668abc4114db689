"""A migration does in years what it did on its day."""

import ast
from pathlib import Path

VERSIONS = Path(__file__).resolve().parents[2] / "migrations" / "versions"
#: The queue's tables are its library's own, which is asked for them.
OF_A_LIBRARY = {"0010_jobs.py": {"app.jobs.schema"}}


def test_no_migration_takes_what_the_program_says_today() -> None:
    found = {}
    for file in sorted(VERSIONS.glob("*.py")):
        nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
        imported = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
        imported |= {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
        ours = {name for name in imported if name.split(".")[0] == "app"}
        if ours != OF_A_LIBRARY.get(file.name, set()):
            found[file.name] = ours
    assert found == {}
