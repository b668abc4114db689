"""The addresses of the database's roles, made from the owner's when the operator gives only that."""

import hashlib
import hmac
from dataclasses import dataclass

from sqlalchemy import make_url

from app.config import Settings

APP_ROLE = "pomapa_app"
READER_ROLE = "pomapa_reader"


@dataclass(frozen=True, slots=True)
class RoleUrls:
    """One SQLAlchemy address per role: `owner` migrates, `app` writes, `read` reads `published`.

    `direct` bypasses a pooler: for LISTEN and advisory locks.
    """

    owner: str
    app: str
    read: str
    direct: str


def role_urls(settings: Settings) -> RoleUrls:
    """Give the addresses for the roles of the configured server.

    Where only `DATABASE_URL` is set, the two roles log in with passwords derived from `SECRET_KEY`,
    which `db migrate` sets on them, so that nobody has to invent and copy two more passwords.
    """
    owner = make_url(settings.database_url).set(drivername="postgresql+psycopg")

    def for_role(role: str) -> str:
        url = owner.set(username=role, password=derived_password(settings, role))
        return url.render_as_string(hide_password=False)

    app = settings.database_app_url or for_role(APP_ROLE)
    return RoleUrls(
        owner=owner.render_as_string(hide_password=False),
        app=app,
        read=settings.database_read_url or for_role(READER_ROLE),
        direct=settings.database_direct_url or app,
    )


def derived_password(settings: Settings, role: str) -> str:
    """Give the password of a database role: a keyed hash, so that it is stable and cannot be guessed."""
    key = settings.secret_key.get_secret_value().encode()
    return hmac.new(key, f"database role {role}".encode(), hashlib.sha256).hexdigest()
