"""A link by which somebody is signed in at once, as `pomapa users link` prints it, made without a process for it."""

from app.accounts.roles import Role
from app.cli.users import one_time_link
from app.db import Database
from app.localdb import ClusterUrls


async def sign_in_link(urls: ClusterUrls, address: str, email: str, role: Role = Role.MODERATOR) -> str:
    """Give the link for an installation at this address on this database; whoever is unknown there has the role then."""
    database = Database(urls.app, urls.reader)
    try:
        return await one_time_link(database, address, email, role)
    finally:
        await database.dispose()
