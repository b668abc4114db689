"""The finder's places for one question in a frame of somebody else's website, where nothing changes the question; and the code for it."""

from typing import Annotated, TypeVar

from fastapi import Depends, Request
from starlette.responses import RedirectResponse, Response

from app.layers import registry
from app.pages.answers import kept_briefly, kept_by_all, unchanged, validator
from app.pages.finder_question import FinderQuestion, finder_question
from app.pages.meaning import meant_question
from app.pages.results import results
from app.pages.setting import setting_of
from app.web.dependencies import CountConnection, ReadConnection, page_of, render, settings_of
from app.web.language import Language
from app.web.routes import PUBLIC, page_router, requires
from app.web.security_headers import IN_ANY_FRAME

router = page_router()

Asked = Annotated[FinderQuestion, Depends(finder_question)]
Framed = TypeVar("Framed", bound=Response)


@router.get("/{lang}/embed", dependencies=[requires(PUBLIC)])
async def embed(
    request: Request, reader: ReadConnection, counting: CountConnection, lang: Language, question: Asked
) -> Response:
    """The list. Whatever it leads to opens outside of the frame."""
    registry.layer(question.layer)
    etag = await validator(request, *registry.LAYERS)
    if answer := unchanged(request, etag):
        return _in_any_frame(answer)
    path = f"/{lang}/embed"
    setting = setting_of(request, path, lang)
    if better := await meant_question(reader, question, setting):
        return kept_by_all(RedirectResponse(better.href(path), status_code=302), etag)
    found = await results(reader, counting, question, setting)
    shown = render(
        request,
        "embed/embed.html",
        page=page_of(request, now=setting.now, example_data=found.example),
        found=found,
        question=question,
        path=path,
        today=setting.today,
        finder_href=question.href(f"/{lang}/"),
    )
    return _in_any_frame(kept_briefly(shown) if counting.gave_up else kept_by_all(shown, etag))


@router.get("/{lang}/embed/code", dependencies=[requires(PUBLIC)])
async def code(request: Request, lang: Language, question: Asked) -> Response:
    """What whoever looks after another website puts into its page."""
    etag = await validator(request, *registry.LAYERS)
    if answer := unchanged(request, etag):
        return answer
    href = question.having().href(f"/{lang}/embed")
    shown = render(
        request,
        "embed/code.html",
        embed_href=href,
        address=f"{settings_of(request).public_url}{href}",
        finder_href=question.href(f"/{lang}/"),
    )
    return kept_by_all(shown, etag)


def _in_any_frame(response: Framed) -> Framed:
    """Every website may frame it: there is nothing to press in it that does anything, and nobody is signed in."""
    for name, value in IN_ANY_FRAME:
        response.headers[name] = value
    return response
