"""The way on from the address of an entry that was merged: every page of it answers with the same page of the other one."""

import uuid

from fastapi import HTTPException, Request

from app.db import Executor
from app.features.merged import way_on

#: Somebody may take a merge back.
KEPT = "public, max-age=60"


async def led_on(
    request: Request, connection: Executor, feature_id: uuid.UUID, layer: str | None = None
) -> None:
    """Raise the answer that leads to the same page of what this was merged with; nothing where there is none.

    What was typed into a form goes along: 308 keeps it, and the other page says what it makes of it.
    """
    found = await way_on(connection, feature_id, layer)
    if found is None:
        return
    own, (into, slug) = str(feature_id), found
    parts = request.url.path.split("/")
    at = parts.index(own) if own in parts else len(parts)
    rest = parts[at + 1 :]
    if layer is not None and (len(rest) == 0 or "." not in rest[-1]):
        rest = [slug]
    path = "/".join([*parts[:at], str(into), *rest])
    query = f"?{request.url.query}" if request.url.query else ""
    status = 301 if request.method in {"GET", "HEAD"} else 308
    raise HTTPException(status, headers={"Location": f"{path}{query}", "Cache-Control": KEPT})
