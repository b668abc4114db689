"""Logins for the two roles, where the operator leaves that to us."""

from sqlalchemy import Connection, text

from app.config import Settings
from app.db.urls import APP_ROLE, READER_ROLE, derived_password


def ensure_logins(connection: Connection, settings: Settings) -> None:
    """Let the roles log in with their derived passwords, unless addresses of their own are set.

    Runs as the owner, which needs CREATEROLE on its server; `sqlalchemy.exc.ProgrammingError` otherwise.
    """
    for role, own_url in ((APP_ROLE, settings.database_app_url), (READER_ROLE, settings.database_read_url)):
        if own_url:
            continue
        exists = connection.execute(
            text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": role}
        ).first()
        verb = "ALTER" if exists else "CREATE"
        # Neither part can carry a quote: the role is a constant of ours, the password is hexadecimal.
        password = derived_password(settings, role)
        connection.execute(text(f"{verb} ROLE {role} LOGIN NOINHERIT PASSWORD '{password}'"))
