"""All tables of the product in one metadata, for migrations: found by name, since imports go only downwards."""

import importlib
import importlib.util
import pkgutil
from pathlib import Path

TABLE_MODULES = frozenset({"models", "audit"})


def import_models() -> tuple[str, ...]:
    """Import every `models` and `audit` module under `app` and give their names."""
    root = Path(__file__).resolve().parents[1]
    found = []
    for package in pkgutil.iter_modules([str(root)]):
        if not package.ispkg or package.name == "db":
            continue
        for module in pkgutil.iter_modules([str(root / package.name)]):
            if module.name in TABLE_MODULES:
                found.append(f"app.{package.name}.{module.name}")
    for name in found:
        importlib.import_module(name)
    return tuple(found)
