"""A municipality's sign-in service: where it sends people, and what it says of whoever comes back with its code."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlencode

import httpx2
from joserfc.jwk import KeySet

from app.accounts.oidc.asking import Asker
from app.accounts.oidc.attempts import Attempt
from app.accounts.oidc.id_token import Expected, KeyUnknown, Said, check_id_token, keys_of
from app.accounts.oidc.kept import Kept
from app.accounts.oidc.problems import (
    AttemptOver,
    NoSuchService,
    NotSignedInThere,
    ServiceAnswersWrongly,
    ServiceUnreachable,
)
from app.config import IdentityProvider, Settings
from app.log import logger

#: What a service has said about itself, and its keys, are believed so long: a key that it withdraws is dead after that.
LASTS_S = 600.0
#: A token signed with an unknown key makes us look for new ones, so often at most.
LOOK_AGAIN_S = 20.0
LONGEST_CODE = 4000

_log = logger("app.accounts")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a service says about itself (OpenID Connect Discovery 1.0)."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    #: It names itself in what it sends people back with (RFC 9207).
    names_itself: bool
    #: It takes our secret in the form; else in a header.
    secret_in_form: bool


@dataclass(frozen=True, slots=True)
class Returned:
    """With what somebody has come back from a service."""

    code: str
    error: str
    issuer: str


class Service:
    """One service, known under a short name. It is asked for nothing before somebody wants to sign in there."""

    def __init__(self, key: str, provider: IdentityProvider, public_url: str) -> None:
        self.key = key
        self.provider = provider
        self.redirect_uri = f"{public_url}/desk/sign-in/from/{key}"
        self._asker = Asker(provider)
        self._metadata = Kept(self._ask_metadata)
        self._keys = Kept(self._ask_keys)

    async def way_there(self, attempt: Attempt) -> str:
        """Give the address that an attempt to sign in goes on at."""
        try:
            endpoint = (await self._metadata.get(at_most_s=LASTS_S)).authorization_endpoint
        except (ServiceUnreachable, ServiceAnswersWrongly) as error:
            raise self._noted(error) from error
        asked = {
            "response_type": "code",
            "client_id": self.provider.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": "openid email",
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": attempt.challenge,
            "code_challenge_method": "S256",
        }
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    async def said(self, returned: Returned, attempt: Attempt) -> Said:
        """Give what the service says of whoever has come back; the attempt has to be used up by now.

        `NotSignedInThere`, `AttemptOver` when its code does not work, `ServiceUnreachable`, `ServiceAnswersWrongly`.
        """
        try:
            return await self._said(returned, attempt)
        except (ServiceUnreachable, ServiceAnswersWrongly) as error:
            raise self._noted(error) from error

    def counts(self, said: Said) -> bool:
        """Whether they have passed a second step there that this installation takes for one."""
        return not said.means.isdisjoint(self.provider.second_step)

    async def _said(self, returned: Returned, attempt: Attempt) -> Said:
        metadata = await self._metadata.get(at_most_s=LASTS_S)
        issuer = self.provider.issuer
        if returned.issuer != issuer and (returned.issuer or metadata.names_itself):
            # Somebody mixes up two services, so that the code of one would be shown to the other.
            raise ServiceAnswersWrongly("sent back by another issuer")
        if returned.error or not 0 < len(returned.code) <= LONGEST_CODE:
            raise NotSignedInThere
        token = await self._redeem(metadata, returned.code, attempt)
        ours = self.provider
        expected = Expected(issuer, ours.client_id, attempt.nonce, ours.verified_claim)
        try:
            return check_id_token(token, await self._keys.get(at_most_s=LASTS_S), expected)
        except KeyUnknown:
            pass
        try:
            return check_id_token(token, await self._keys.get(at_most_s=LOOK_AGAIN_S), expected)
        except KeyUnknown:
            raise ServiceAnswersWrongly("signed with an unknown key") from None

    async def _redeem(self, metadata: Metadata, code: str, attempt: Attempt) -> object:
        ours = (self.provider.client_id, self.provider.client_secret.get_secret_value())
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": attempt.verifier,
        }
        if metadata.secret_in_form:
            form |= dict(zip(("client_id", "client_secret"), ours, strict=True))
            basic = None
        else:
            # As in a form, before they are joined (RFC 6749, 2.3.1).
            basic = (quote_plus(ours[0]), quote_plus(ours[1]))
        status, answer = await self._asker.post(metadata.token_endpoint, form, basic)
        if status == httpx2.codes.OK:
            return answer.get("id_token")
        if answer.get("error") == "invalid_grant":
            raise AttemptOver
        raise ServiceAnswersWrongly(f"no token: status {status}")

    async def _ask_metadata(self) -> Metadata:
        issuer = self.provider.issuer
        document = await self._asker.get(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if document.get("issuer") != issuer:
            raise ServiceAnswersWrongly("calls itself otherwise")
        return Metadata(
            authorization_endpoint=self._address(document, "authorization_endpoint"),
            token_endpoint=self._address(document, "token_endpoint"),
            jwks_uri=self._address(document, "jwks_uri"),
            names_itself=document.get("authorization_response_iss_parameter_supported") is True,
            secret_in_form=_takes_secret_in_form(document),
        )

    async def _ask_keys(self) -> KeySet:
        metadata = await self._metadata.get(at_most_s=LASTS_S)
        return keys_of(await self._asker.get(metadata.jwks_uri))

    def _address(self, document: Mapping[str, Any], name: str) -> str:
        address = document.get(name)
        if not isinstance(address, str) or not self._asker.may_ask(address):
            raise ServiceAnswersWrongly(f"{name} elsewhere")
        return address

    def _noted(self, error: ServiceUnreachable | ServiceAnswersWrongly) -> Exception:
        """Say in the log which service it was and what is wrong with it, in words of ours."""
        reason = error.reason if isinstance(error, ServiceAnswersWrongly) else "unreachable"
        _log.warning("signing in with a municipality failed", kind=self.key, reason=reason)
        return error


class Services:
    """The services that an installation has set up, in the order of their short names."""

    def __init__(self, settings: Settings) -> None:
        self._known = {
            key: Service(key, provider, settings.public_url)
            for key, provider in sorted(settings.oidc.items())
        }

    def __iter__(self) -> Iterator[Service]:
        return iter(self._known.values())

    def named(self, key: str) -> Service:
        """Give the service of a short name; `NoSuchService`."""
        if key not in self._known:
            raise NoSuchService
        return self._known[key]

    def of_issuer(self, issuer: str) -> Service | None:
        """Give the service of an issuer; None when it is not set up any more."""
        return next((one for one in self if one.provider.issuer == issuer), None)


def _takes_secret_in_form(document: Mapping[str, Any]) -> bool:
    methods = document.get("token_endpoint_auth_methods_supported")
    return isinstance(methods, list) and "client_secret_post" in methods
