"""A municipality's sign-in service for tests: OpenID Connect over real HTTP, in a thread, with faults that can be switched on.

It signs in whom it is told to (`person`) without asking for a password, once they have pressed a button.
"""

import base64
import hashlib
import hmac
import html
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

CLIENT_ID: Final = "pomapa"
CLIENT_SECRET: Final = "not-a-real-secret-of-a-client%&+ 0123456789"
HUGE: Final = 2_000_000
#: A service that puts this into its set of keys has told everybody.
LISTED_SECRET: Final = b"k" * 32


@dataclass
class Person:
    """Whom the service signs in, and what it says of them."""

    subject: str = "a1b2c3"
    email: str | None = "anna@gdansk.example"
    verified: Any = True
    more: dict[str, Any] = field(default_factory=dict)


@dataclass
class SignInService:
    """The service. `faults` are names of what goes wrong; `claims` are put into the token in the place of right ones."""

    host: str = "localhost"
    person: Person = field(default_factory=Person)
    faults: set[str] = field(default_factory=set)
    claims: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    #: Paths that were asked for, in order.
    asked: list[str] = field(default_factory=list)
    #: What was sent to the token endpoint.
    forms: list[dict[str, str]] = field(default_factory=list)
    authorizations: list[dict[str, str]] = field(default_factory=list)
    address: str = ""
    key: RSAKey | ECKey = field(default_factory=lambda: RSAKey.generate_key(2048, auto_kid=True))
    #: Holds back the answers of a slow service until it is set.
    go_on: threading.Event = field(default_factory=threading.Event)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def issuer(self) -> str:
        return self.address

    def settings(self, name: str, *, domains: str = "gdansk.example", **more: str) -> dict[str, str]:
        """The environment of an installation that has set it up under a name."""
        prefix = f"OIDC__{name.upper()}__"
        values = {
            "ISSUER": self.issuer,
            "CLIENT_ID": CLIENT_ID,
            "CLIENT_SECRET": CLIENT_SECRET,
            "NAME": "Miasto Gdańsk",
            "MAIL_DOMAINS": domains,
        }
        return {prefix + key: value for key, value in (values | more).items()}

    def authorize(self, address: str) -> str:
        """Sign the person in who was sent to this address, as their browser would; give where they are sent back to."""
        parts = urlsplit(address)
        assert address.startswith(f"{self.address}/authorize?"), address
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        return self._sent_back(asked)

    def _sent_back(self, asked: dict[str, str]) -> str:
        self.authorizations.append(asked)
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT_ID
        assert asked["code_challenge_method"] == "S256"
        assert len(asked["state"]) >= 43
        assert len(asked["nonce"]) >= 43
        code = secrets.token_urlsafe(24)
        self._codes[code] = asked
        answer = {"code": code, "state": asked["state"]}
        if "names itself" in self.faults:
            answer["iss"] = "https://another.example"
        return f"{asked['redirect_uri']}?{urlencode(answer)}"

    def redeem(self, form: dict[str, str], header: str) -> tuple[int, dict[str, Any]]:
        """Give a token for a code, once, to whoever has the secret and the verifier."""
        self.forms.append(form)
        kind, _, given = header.partition(" ")
        if kind == "Basic":
            name, _, secret = base64.b64decode(given).decode().partition(":")
            sent = (unquote_plus(name), unquote_plus(secret))
        else:
            sent = (form.get("client_id", ""), form.get("client_secret", ""))
        if sent != (CLIENT_ID, CLIENT_SECRET):
            return 401, {"error": "invalid_client"}
        asked = self._codes.pop(form["code"], None)
        if asked is None or form["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "none", "token_type": "Bearer", "id_token": self.token(asked["nonce"])}

    def token(self, nonce: str) -> str:
        """Make the token about the person, with the faults that are switched on."""
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "sub": self.person.subject,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": nonce,
            **({"email": self.person.email} if self.person.email else {}),
            "email_verified": self.person.verified,
            **self.person.more,
            **self.claims,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        algorithm = "ES256" if isinstance(self.key, ECKey) else "RS256"
        header = {"alg": algorithm, "kid": str(self.key.kid)}
        if "none" in self.faults:
            return f"{_part({'alg': 'none'})}.{_part(claims)}."
        if "hs256" in self.faults:
            return _signed_with_what_everybody_reads(claims, self.key, self.key.as_pem(private=False))
        if "listed secret" in self.faults:
            return _signed_with_what_everybody_reads(claims, self.key, LISTED_SECRET)
        if "other key" in self.faults:
            return jwt.encode(header, claims, RSAKey.generate_key(2048), algorithms=[algorithm])
        return jwt.encode(header, claims, self.key, algorithms=[algorithm])

    def document(self) -> dict[str, Any]:
        """What the service says about itself."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            # What it says about kinds of signatures is not believed.
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            **self.metadata,
        }

    def keys(self) -> dict[str, Any]:
        public = self.key.as_dict(private=False)
        secret = base64.urlsafe_b64encode(LISTED_SECRET).rstrip(b"=").decode()
        return {"keys": [{"kty": "oct", "kid": public["kid"], "k": secret}, {"kty": "made-up"}, public]}


def _signed_with_what_everybody_reads(claims: dict[str, Any], key: RSAKey | ECKey, secret: bytes) -> str:
    """The old confusion: what everybody can read taken for a shared secret, such as the public key."""
    said = f"{_part({'alg': 'HS256', 'kid': key.kid})}.{_part(claims)}"
    signature = hmac.digest(secret, said.encode(), hashlib.sha256)
    return f"{said}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


def _part(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


class _Handler(BaseHTTPRequestHandler):
    service: SignInService
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/authorize":
            self._page()
        elif path == "/.well-known/openid-configuration":
            self._json("discovery", 200, self.service.document())
        elif path == "/keys":
            self._json("keys", 200, self.service.keys())
        else:
            self._send(404, b"{}", "application/json")

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        form = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
        path = urlsplit(self.path).path
        if path == "/signed-in":
            self.send_response(302)
            self.send_header("Location", self.service._sent_back(form))
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif path == "/token":
            self._json("token", *self.service.redeem(form, self.headers.get("Authorization", "")))

    def _page(self) -> None:
        asked = parse_qs(urlsplit(self.path).query)
        fields = "".join(
            f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(values[0])}">'
            for name, values in asked.items()
        )
        page = f'<!doctype html><title>Gdańsk</title><form method="post" action="/signed-in">{fields}<button>Zaloguj</button></form>'
        self._send(200, page.encode(), "text/html; charset=utf-8")

    def _json(self, step: str, status: int, content: dict[str, Any]) -> None:
        self.service.asked.append(step)
        faults = self.service.faults
        if f"{step} down" in faults:
            status, content = 503, {}
        if f"{step} huge" in faults:
            # As good as any, but for its length.
            content = {**content, "more": "x" * HUGE}
        body = json.dumps(content).encode()
        if f"{step} no json" in faults:
            body = b"<html>"
        if f"{step} redirect" in faults:
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.1:{urlsplit(self.service.address).port}{self.path}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self._send(status, body, "application/json", slowly=f"{step} slow" in faults)

    def _send(self, status: int, body: bytes, kind: str, *, slowly: bool = False) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            # A byte now and then, so that nobody who waits for the next one gives up.
            while slowly and body and not self.service.go_on.wait(0.1):
                self.wfile.write(body[:1])
                body = body[1:]
            self.wfile.write(body)
        except OSError:
            # Who asked has had enough.
            self.close_connection = True

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def running_service(**more: Any) -> Iterator[SignInService]:
    """Run a service of its own for the time of the block."""
    service = SignInService(**more)
    handler = type("Handler", (_Handler,), {"service": service})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    service.address = f"http://{service.host}:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield service
    finally:
        service.go_on.set()
        server.shutdown()
        server.server_close()
        thread.join()
