"""A small application with the whole platform round it, without a database."""

from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.exc import OperationalError
from starlette.responses import JSONResponse, Response

from app.config import Settings
from app.errors import Conflict, TooManyRequests, Unauthenticated
from app.templating import Templates
from app.web.dependencies import Form, page_of
from app.web.etag import not_modified, public, strong_etag
from app.web.language import Language, negotiated_start
from app.web.query import PLAIN_DECIMAL, Codes, PlainInt
from app.web.routes import PUBLIC, api_router, page_router, requires
from app.web.stack import equip

OPEN = [requires(PUBLIC)]


class Place(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    name: str = Field(max_length=20)
    lat: float = Field(allow_inf_nan=False)


class Search(BaseModel):
    limit: Annotated[PlainInt, Field(ge=0, le=100)] = 10
    service: Codes = ()
    lat: Annotated[float, PLAIN_DECIMAL] | None = None


class Refusing:
    async def require(self, _request: Request, _permission: str) -> Any:
        raise Unauthenticated


def routes_for_programs() -> APIRouter:
    api = api_router("/api/v1")

    @api.get("/search", dependencies=OPEN)
    async def search(found: Annotated[Search, Query()]) -> dict[str, Any]:
        return found.model_dump()

    @api.get("/version", dependencies=OPEN)
    async def version(request: Request) -> Response:
        etag = strong_etag("v", 7)
        return not_modified(request, etag) or public(JSONResponse({"text": "x" * 5000}), etag)

    @api.post("/places", dependencies=OPEN)
    async def add(place: Place) -> dict[str, Any]:
        return place.model_dump()

    @api.get("/places/{number}", dependencies=OPEN)
    async def one(number: int) -> int:
        return number

    @api.get("/boom", dependencies=OPEN)
    async def boom() -> None:
        msg = "ola@poczta.example 203.0.113.5"
        raise RuntimeError(msg)

    @api.get("/down", dependencies=OPEN)
    async def down() -> None:
        raise OperationalError("SELECT 'ola@poczta.example'", {}, Exception("gone"))

    @api.get("/busy", dependencies=OPEN)
    async def busy() -> None:
        raise TooManyRequests(retry_after_s=17)

    return api


def routes_for_people() -> APIRouter:
    pages = page_router()

    @pages.get("/", dependencies=OPEN)
    async def start(request: Request) -> Response:
        return negotiated_start(request)

    @pages.get("/{language}/place", dependencies=OPEN)
    async def place(language: Language, request: Request) -> str:
        return f"{language} {page_of(request).address('uk')}"

    @pages.post("/{language}/place", dependencies=OPEN)
    async def send(language: Language, form: Form) -> dict[str, Any]:
        return {
            "language": language,
            **{name: form.all(name) if name == "service" else form.one(name) for name in form.lists},
        }

    @pages.get("/{language}/conflict", dependencies=OPEN)
    async def conflict(language: Language) -> None:
        raise Conflict

    @pages.get("/desk/queue", dependencies=[requires("submission.see")])
    async def queue() -> None: ...

    return pages


#: Where a form may carry a file.
FILE_PATH = "/uk/place"


def small_app(templates: Templates, settings: Settings | None = None) -> FastAPI:
    app = FastAPI(redirect_slashes=False, openapi_url=None)
    app.include_router(routes_for_programs())
    app.include_router(routes_for_people())
    equip(
        app,
        settings or Settings(),
        templates,
        program_paths=("/api/v1/places",),
        file_limits={FILE_PATH: 9_000_000},
    )
    app.state.guard = Refusing()
    return app
