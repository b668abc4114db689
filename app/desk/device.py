"""The devices on which somebody has signed in before: their tries are counted apart from those of strangers."""

import hashlib
import hmac
import secrets
import uuid

from fastapi import Request
from starlette.responses import Response

from app.accounts.sealing import derived_key
from app.desk.pages import secret_of
from app.web.dependencies import limited, settings_of
from app.web.rate_limit import Limit
from app.web.session_cookie import SessionCookie

#: What is free at once and what comes free meanwhile together make ten in any quarter of an hour (SECURITY B5).
OF_ACCOUNT = Limit("second-step", times=5, period_s=900)
OF_ADDRESS = Limit("second-step-address", times=10, period_s=900)
OF_ALL = Limit("second-step-all", times=500, period_s=300)
#: Of passkeys that nobody has: anybody may send them, so they take nothing from those whose first step is done.
ALONE_OF_ADDRESS = Limit("passkey-alone-address", times=10, period_s=900)
ALONE_OF_ALL = Limit("passkey-alone-all", times=500, period_s=300)


async def count_try(request: Request, user_id: uuid.UUID | None) -> None:
    """Count one try at a code or with a passkey; `TooManyRequests`, and `Overloaded` when nobody can count.

    `user_id` is None for a passkey that nobody has.

    Strangers are counted by account, by address and all together. A device that was used before has a count of its
    own, so that whoever attacks an account does not keep its owner out.
    """
    if user_id is None:
        await limited(request, ALONE_OF_ADDRESS)
        await limited(request, ALONE_OF_ALL, also="all")
        return
    if device := _known(request, user_id):
        await limited(request, OF_ACCOUNT, also=str(user_id), about=device)
        return
    await limited(request, OF_ADDRESS)
    await limited(request, OF_ACCOUNT, also=str(user_id))
    await limited(request, OF_ALL, also="all")


def remember(request: Request, response: Response, user_id: uuid.UUID) -> None:
    """Let this device be known as one of somebody's."""
    if _known(request, user_id):
        return
    device = secrets.token_urlsafe(16)
    cookie = SessionCookie.for_device(settings_of(request))
    cookie.set(response, f"{device}.{_signature(request, user_id, device)}")


def _known(request: Request, user_id: uuid.UUID) -> str:
    """The device's own name when it is one of this person's, else nothing."""
    held = SessionCookie.for_device(settings_of(request)).read(request) or ""
    device, _, signature = held.rpartition(".")
    return device if device and hmac.compare_digest(signature, _signature(request, user_id, device)) else ""


def _signature(request: Request, user_id: uuid.UUID, device: str) -> str:
    key = derived_key(secret_of(request), "devices")
    return hmac.digest(key, user_id.bytes + device.encode(), hashlib.sha256).hex()[:48]
