"""Every route says who may use it. `undeclared` finds those that do not, and a test keeps that list empty."""

from collections.abc import Awaitable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.routing import iter_route_contexts
from starlette.routing import Mount

from app.web.query import page_query, strict_query

#: The permission of what everybody may use.
PUBLIC = "public"
#: The permission of what its own secret opens, such as a link from a mail; the route checks it itself.
BY_LINK = "by-link"


class Guard(Protocol):
    """Decides whether who asks may do something; set as `app.state.guard` where the application is put together."""

    def require(self, request: Request, permission: str) -> Awaitable[Any]:
        """Give the user; `Unauthenticated` or `Forbidden` otherwise."""
        ...


@dataclass(frozen=True, slots=True)
class Permission:
    """The permission that a route asks for, as a dependency of the route."""

    name: str

    async def __call__(self, request: Request) -> None:
        """Let the request on, with `request.state.user` set where a user was needed."""
        if self.name in {PUBLIC, BY_LINK}:
            return
        guard: Guard = request.app.state.guard
        request.state.user = await guard.require(request, self.name)


def requires(name: str) -> Any:
    """The dependency for a route: `@router.get(…, dependencies=[requires("submission.decide")])`."""
    return Depends(Permission(name))


def api_router(prefix: str = "", **options: Any) -> APIRouter:
    """A router for programs: unknown and repeated query parameters are refused."""
    return APIRouter(prefix=prefix, dependencies=[Depends(strict_query)], **options)


def page_router(prefix: str = "", **options: Any) -> APIRouter:
    """A router for people: unknown query parameters are let be; not part of the API's description."""
    return APIRouter(prefix=prefix, dependencies=[Depends(page_query)], include_in_schema=False, **options)


@dataclass(frozen=True, slots=True)
class RoutePermission:
    """What a route asks for; `permission` is None where nobody has said."""

    method: str
    path: str
    permission: str | None


def declared(app: FastAPI, others: Mapping[str, str] | None = None) -> Iterator[RoutePermission]:
    """Give every (method, path) of the application with its permission.

    `others` names the permissions of mounts and plain routes, by path. A route with two permissions
    counts as undeclared: nobody could tell which one holds.
    """
    known = others or {}
    for route in iter_route_contexts(app.routes):
        path = str(route.path)
        if isinstance(route.original_route, Mount):
            yield RoutePermission("*", path, known.get(path))
            continue
        dependant = getattr(route, "dependant", None)
        names = list(_permissions(dependant)) if dependant is not None else []
        permission = names[0] if len(names) == 1 else known.get(path)
        for method in sorted(route.methods or {"*"}):
            yield RoutePermission(method, path, permission)


def undeclared(app: FastAPI, others: Mapping[str, str] | None = None) -> list[RoutePermission]:
    """The routes that do not say who may use them."""
    return [route for route in declared(app, others) if route.permission is None]


def _permissions(dependant: Any) -> Iterator[str]:
    for dependency in dependant.dependencies:
        if isinstance(dependency.call, Permission):
            yield dependency.call.name
        yield from _permissions(dependency)
