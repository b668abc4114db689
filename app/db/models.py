"""All tables of the product in one metadata, for migrations: found by name, since imports go only downwards."""

import importlib
import importlib.util
import pkgutil
from pathlib import Path

TABLE_MODULES = frozenset(
    {
        "models",
        "address_models",
        "published_models",
        "history_models",
        "duplicate_models",
        "claim_models",
        "trust_models",
        "agreement_models",
        "reminder_models",
        "mail_domain_models",
        "verification_models",
        "opening_models",
        "queue_models",
        "passkey_models",
        "identity_models",
        "kept_models",
        "audit",
    }
)


def import_models() -> tuple[str, ...]:
    """Import every module under `app` that holds tables and give their names."""
    root = Path(__file__).resolve().parents[1]
    found = []
    for package in pkgutil.iter_modules([str(root)]):
        if not package.ispkg or package.name == "db":
            continue
        modules = pkgutil.iter_modules([str(root / package.name)])
        found += [f"app.{package.name}.{module.name}" for module in modules if module.name in TABLE_MODULES]
    for name in found:
        importlib.import_module(name)
    return tuple(found)
