"""Pages of reading: what this is, how places are checked, what we keep of visitors, how programs read the data."""

from fastapi import Request
from starlette.responses import Response

from app.errors import NotFound
from app.layers import registry
from app.pages.answers import kept_by_all, now_of, unchanged, validator, versions_of
from app.taxonomy.vocabulary import load_vocabulary
from app.web.dependencies import page_of, render, settings_of
from app.web.keeping import keepable
from app.web.language import Language
from app.web.routes import PUBLIC, page_router, requires

router = page_router()

#: Path and template.
_PAGES = {name: f"about/{name}.html" for name in ("about", "checking", "privacy", "accessibility", "data")}


@router.get("/{lang}/{name}", dependencies=[requires(PUBLIC)])
async def reading(request: Request, lang: Language, name: str) -> Response:
    """One of the pages of reading; other words in that place are no page."""
    if name not in _PAGES:
        raise NotFound
    etag = await validator(request, *registry.LAYERS)
    if answer := unchanged(request, etag):
        return answer
    versions = await versions_of(request)
    response = render(
        request,
        _PAGES[name],
        page=page_of(request, now=now_of(request), query=""),
        api="/api/v1",
        operator=settings_of(request),
        layers=registry.LAYERS,
        methods=[m.names[lang] for m in load_vocabulary().verification_methods.values() if m.trust > 0],
        changed_at=max((version.changed_at for version in versions.values()), default=None),
    )
    return kept_by_all(keepable(response), etag)
