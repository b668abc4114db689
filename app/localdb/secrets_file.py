"""The passwords of the cluster's roles, made once and readable by their owner only."""

import json
import os
import secrets
from pathlib import Path

SUPERUSER = "postgres"
OWNER = "pomapa_owner"
APP = "pomapa_app"
READER = "pomapa_reader"
ROLES = (OWNER, APP, READER)

_FILE = "database.json"


def read_passwords(folder: Path) -> dict[str, str] | None:
    """Give role → password, or None when none have been made or the file is damaged."""
    try:
        content = json.loads((folder / _FILE).read_text())
    except (FileNotFoundError, ValueError):
        return None
    if not isinstance(content, dict) or not {SUPERUSER, *ROLES} <= content.keys():
        return None
    return {str(role): str(password) for role, password in content.items()}


def make_passwords(folder: Path) -> dict[str, str]:
    """Make new passwords for every role and write them down; the file appears whole or not at all."""
    passwords = {role: secrets.token_hex(24) for role in (SUPERUSER, *ROLES)}
    beside = folder / (_FILE + ".new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(passwords, file)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(folder / _FILE)
    return passwords
