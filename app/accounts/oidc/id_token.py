"""What a service says of somebody, checked (OpenID Connect Core 1.0, 3.1.3.7): signed by its key, for us, now, for this attempt."""

import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeGuard

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import ECKey, KeySet, RSAKey
from joserfc.jws import JWSRegistry

from app.accounts.oidc.problems import ServiceAnswersWrongly

#: Signatures by a key of which only the service has the private half. No `none`, and no HS256, whose key we have too.
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
#: How far the clocks may be apart.
LEEWAY_S: Final = 60
#: It is made at the end of an attempt, which lasts ten minutes.
OLDEST_S: Final = 600
LONGEST: Final = 32_000
#: 2048 bits in base64url.
SHORTEST_RSA_LETTERS: Final = 342
MOST_KEYS: Final = 50


class KeyUnknown(Exception):  # noqa: N818 - the service may have new keys, which is no error yet
    """It was signed with a key that is not in the set."""


@dataclass(frozen=True, slots=True)
class Expected:
    """For whom, and for which attempt, a token has to be."""

    issuer: str
    client_id: str
    nonce: str
    #: The claim with which the service says that it has made sure of an address.
    verified_claim: str = "email_verified"


@dataclass(frozen=True, slots=True)
class Said:
    """What a service says of somebody. `subject` is theirs for ever; `email` is None unless it has made sure of it."""

    issuer: str
    subject: str
    email: str | None
    #: What they have shown that they are who they are: the values of `amr`, and `acr`.
    means: frozenset[str]


def keys_of(document: Mapping[str, Any]) -> KeySet:
    """Read a set of keys (RFC 7517): those with which signatures of others are checked, whatever else is in it.

    `ServiceAnswersWrongly` when there is none.
    """
    found: list[RSAKey | ECKey] = []
    listed = document.get("keys")
    for one in listed[:MOST_KEYS] if isinstance(listed, list) else ():
        if not isinstance(one, dict) or one.get("use", "sig") != "sig":
            continue
        # Of a symmetric key everybody who reads the set would know the secret.
        kind = _KINDS.get(str(one.get("kty")))
        if kind is None or (kind is RSAKey and len(str(one.get("n"))) < SHORTEST_RSA_LETTERS):
            continue
        try:
            key = kind.import_key({name: value for name, value in one.items() if name in _PUBLIC})
        except Exception:  # noqa: BLE001, S112 - whatever the library makes of a stranger's key, the others are read
            continue
        found.append(key)
    if not found:
        raise ServiceAnswersWrongly("no keys")
    return KeySet(list(found))


def check_id_token(token: object, keys: KeySet, expected: Expected) -> Said:
    """Give what a token says; `ServiceAnswersWrongly` unless all of it holds, `KeyUnknown` without its key."""
    if not isinstance(token, str) or len(token) > LONGEST or not token.isascii():
        raise ServiceAnswersWrongly("no ID token")
    registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    # Some send their certificates along.
    registry.max_header_length = LONGEST
    try:
        claims = jwt.decode(token, keys, registry=registry).claims
    except InvalidKeyIdError:
        raise KeyUnknown from None
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise ServiceAnswersWrongly(f"signature: {type(error).__name__}") from None
    _check_for_us(claims, expected)
    _check_time(claims)
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not hmac.compare_digest(nonce.encode(), expected.nonce.encode()):
        raise ServiceAnswersWrongly("nonce")
    return Said(expected.issuer, _subject(claims), _email(claims, expected.verified_claim), _means(claims))


def _check_for_us(claims: Mapping[str, Any], expected: Expected) -> None:
    if claims.get("iss") != expected.issuer:
        raise ServiceAnswersWrongly("iss")
    audience, party = claims.get("aud"), claims.get("azp")
    audiences = [audience] if isinstance(audience, str) else audience
    if not isinstance(audiences, list) or expected.client_id not in audiences:
        raise ServiceAnswersWrongly("aud")
    if party is None and len(audiences) == 1:
        return
    if party != expected.client_id:
        raise ServiceAnswersWrongly("azp")


def _check_time(claims: Mapping[str, Any]) -> None:
    now = time.time()
    expires, made, begins = claims.get("exp"), claims.get("iat"), claims.get("nbf", 0)
    if not _is_number(expires) or not expires > now - LEEWAY_S:
        raise ServiceAnswersWrongly("exp")
    if not _is_number(made) or not now - OLDEST_S - LEEWAY_S < made < now + LEEWAY_S:
        raise ServiceAnswersWrongly("iat")
    if not _is_number(begins) or not begins < now + LEEWAY_S:
        raise ServiceAnswersWrongly("nbf")


def _is_number(value: Any) -> TypeGuard[float]:
    # NaN is larger than nothing and smaller than nothing, so each comparison above refuses it.
    return isinstance(value, int | float) and not isinstance(value, bool)


def _subject(claims: Mapping[str, Any]) -> str:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255 or not subject.isascii():
        raise ServiceAnswersWrongly("sub")
    if not subject.isprintable():
        raise ServiceAnswersWrongly("sub")
    return subject


def _email(claims: Mapping[str, Any], verified_claim: str) -> str | None:
    email = claims.get("email")
    # `true` itself: a text, or a number, is what somebody may have typed.
    return email if isinstance(email, str) and claims.get(verified_claim) is True else None


def _means(claims: Mapping[str, Any]) -> frozenset[str]:
    methods, level = claims.get("amr"), claims.get("acr")
    found = [*methods] if isinstance(methods, list) else []
    return frozenset(one for one in (*found, level) if isinstance(one, str))


_PUBLIC: Final = frozenset({"kty", "kid", "alg", "n", "e", "crv", "x", "y"})
_KINDS: Final[Mapping[str, type[RSAKey] | type[ECKey]]] = {"RSA": RSAKey, "EC": ECKey}
