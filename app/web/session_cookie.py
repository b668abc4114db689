"""The cookies of staff: the session, what binds a sign-in link or a visit to a municipality's service to the browser, a device that was used
to sign in before, the desk's language.
"""

from starlette.requests import Request
from starlette.responses import Response

from app.config import Settings

#: As long as a session may last at most; the server decides, the cookie only follows.
SESSION_S = 12 * 3600
BROWSER_S = 3600
ATTEMPT_S = 600
DEVICE_S = 365 * 24 * 3600
#: Longer values than ours are not looked at.
LONGEST_VALUE = 100

#: The language chosen at the desk. Public pages never get it: it belongs to `DESK`, and they have theirs in the address.
LANGUAGE = "pomapa-language"
DESK = "/desk"
LANGUAGE_S = 365 * 24 * 3600

_SESSION, _BROWSER, _DEVICE, _HOST = "pomapa", "pomapa-browser", "pomapa-device", "__Host-"
_ATTEMPT = "pomapa-attempt"
#: Every name under which a cookie of ours may come.
NAMES = frozenset(
    prefix + name for prefix in ("", _HOST) for name in (_SESSION, _BROWSER, _DEVICE, _ATTEMPT)
) | {LANGUAGE}


class SessionCookie:
    """Reads and writes one cookie. Under https it is bound to the host by its `__Host-` name."""

    def __init__(self, name: str, *, secure: bool, lifetime_s: int) -> None:
        self.secure = secure
        self.name = _HOST + name if secure else name
        self.lifetime_s = lifetime_s

    @classmethod
    def for_session(cls, settings: Settings) -> "SessionCookie":
        """The cookie that holds the token of a session."""
        return cls(_SESSION, secure=settings.secure_cookies, lifetime_s=SESSION_S)

    @classmethod
    def for_browser(cls, settings: Settings) -> "SessionCookie":
        """The cookie of a browser that has asked for a sign-in link."""
        return cls(_BROWSER, secure=settings.secure_cookies, lifetime_s=BROWSER_S)

    @classmethod
    def for_attempt(cls, settings: Settings) -> "SessionCookie":
        """The cookie of a browser that has gone to a municipality's service to sign in."""
        return cls(_ATTEMPT, secure=settings.secure_cookies, lifetime_s=ATTEMPT_S)

    @classmethod
    def for_device(cls, settings: Settings) -> "SessionCookie":
        """The cookie of a device on which somebody has passed their second step."""
        return cls(_DEVICE, secure=settings.secure_cookies, lifetime_s=DEVICE_S)

    def read(self, request: Request) -> str | None:
        """The token that the browser sent, or None."""
        value = request.cookies.get(self.name)
        return value if value and len(value) <= LONGEST_VALUE and value.isascii() else None

    def set(self, response: Response, token: str) -> None:
        """Give the browser a token, and let no cache keep the answer."""
        response.set_cookie(
            self.name,
            token,
            max_age=self.lifetime_s,
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="lax",
        )
        response.headers["Cache-Control"] = "no-store"

    def clear(self, response: Response) -> None:
        """Take the token away from the browser."""
        response.delete_cookie(self.name, path="/", secure=self.secure, httponly=True, samesite="lax")
        response.headers["Cache-Control"] = "no-store"
