"""Headers that keep a page to itself: what it may load, who may frame it, what it tells others."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.asgi import replace_header, set_missing

#: No host but ours, nothing inline. Leaflet 1.9.4 and the whole front end live within it.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
#: Headers of an answer that any website may frame: without forms, so that nobody can be made to press anything.
IN_ANY_FRAME = (
    (
        "Content-Security-Policy",
        CONTENT_SECURITY_POLICY.replace("form-action 'self'", "form-action 'none'").replace(
            "frame-ancestors 'none'", "frame-ancestors *"
        ),
    ),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
)
PERMISSIONS_POLICY = "geolocation=(self), camera=(), microphone=(), payment=(), usb=(), interest-cohort=()"
HSTS = "max-age=31536000; includeSubDomains"

_ALWAYS = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    # Nobody else is told anything; to ourselves, so that a form of ours comes with its origin (see origin_check).
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", PERMISSIONS_POLICY.encode()),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)


class SecurityHeaders:
    """Adds the headers to every answer; an answer may bring its own."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self.app = app
        self.headers = (*_ALWAYS, (b"strict-transport-security", HSTS.encode())) if https else _ALWAYS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and add the headers to what comes back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                set_missing(message, self.headers)
                if scope.get("state", {}).get("user") is not None:
                    # Whatever somebody sees because of who they are is nobody else's, and not the back button's.
                    replace_header(message, "cache-control", "no-store")
            await send(message)

        await self.app(scope, receive, with_headers)
