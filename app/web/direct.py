"""Routes for what is asked most: FastAPI describes them, nothing but their own code stands before the answer."""

import inspect
from collections.abc import Callable, Coroutine
from typing import Any, get_type_hints

from fastapi import Request
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.responses import Response

from app.errors import InvalidInput
from app.web.problem_words import problems_of
from app.web.query import known_of, read_query, strict_query
from app.web.routes import PUBLIC, Permission

Answer = Callable[[Request], Coroutine[Any, Any, Response]]


class DirectRoute(APIRoute):
    """A public route that reads its query string in one go.

    FastAPI's own reading of parameters costs several times what the database needs for a tile. An endpoint
    takes `request`, parts of the path as `str`, and at most one Pydantic model with the query's parameters
    (`Annotated[Model, Query()]`, from which FastAPI makes the description). It has no other dependencies.
    """

    def get_route_handler(self) -> Answer:
        """The endpoint itself, with its path and its query. TypeError for what this kind of route cannot do."""
        _require_public(self.dependant.dependencies, self.path)
        endpoint, models, parts = self.endpoint, [], []
        for name, kind in get_type_hints(endpoint).items():
            if inspect.isclass(kind) and issubclass(kind, BaseModel):
                models.append((name, kind, known_of(kind)))
            elif kind is str and name in self.param_convertors:
                parts.append(name)
            elif name not in {"request", "return"}:
                raise TypeError(f"{self.path}: a direct route cannot read {name}")
        if len(models) > 1:
            raise TypeError(f"{self.path}: a direct route reads one model")
        known = models[0][2] if models else known_of(None)

        async def answer(request: Request) -> Response:
            sent = read_query(request.scope["query_string"], known)
            path = request.path_params
            given: dict[str, Any] = {name: path[name] for name in parts}
            for name, model, _ in models:
                given[name] = _validated(model, sent)
            response: Response = await endpoint(request=request, **given)
            return response

        return answer


def _validated(model: type[BaseModel], sent: dict[str, Any]) -> BaseModel:
    try:
        return model.model_validate(sent)
    except ValidationError as error:
        problems = problems_of(error.errors(include_url=False, include_input=False), skip_first=False)
        raise InvalidInput(*problems) from None


def _require_public(dependencies: list[Any], path: str) -> None:
    """Nothing that has to be asked first may be left out."""
    for dependency in dependencies:
        call = dependency.call
        if call is not strict_query and call != Permission(PUBLIC):
            raise TypeError(f"{path}: a direct route asks for nothing but {PUBLIC!r}")
