"""The sign-in services of municipalities, as the desk's pages offer and name them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import Request

from app.accounts.identity_models import Identity
from app.accounts.oidc.service import Services
from app.web.dependencies import page_of


@dataclass(frozen=True, slots=True)
class Offer:
    """A button that leads to a service."""

    key: str
    name: str


def services_of(request: Request) -> Services:
    """The services of this installation."""
    services: Services = request.app.state.services
    return services


def offered(request: Request, issuers: Collection[str] | None = None) -> Sequence[Offer]:
    """Give what is offered, in the language of the page: all, or those of some issuers."""
    language = page_of(request).language
    return [
        Offer(one.key, one.provider.called(language))
        for one in services_of(request)
        if issuers is None or one.provider.issuer in issuers
    ]


def issuers_of(request: Request) -> frozenset[str]:
    """The issuers of the services that are set up at this moment."""
    return frozenset(one.provider.issuer for one in services_of(request))


def named(request: Request, identities: Collection[Identity]) -> dict[str, str]:
    """Give the name of each identity's service by its issuer; of one that is not set up any more, its host."""
    language, services = page_of(request).language, services_of(request)
    found = {}
    for identity in identities:
        service = services.of_issuer(identity.issuer)
        found[identity.issuer] = (
            service.provider.called(language) if service else urlsplit(identity.issuer).netloc
        )
    return found
