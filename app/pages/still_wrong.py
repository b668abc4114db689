"""While somebody fills in a form: what is wrong with the fields that they have left, as it will be said when it is sent."""

from fastapi import Request
from starlette.responses import HTMLResponse

from app.entering.one_page import look_through
from app.forms.fields import id_of
from app.pages.form_pages import closed, sent_entry, texts_of
from app.pages.sender import sender_of
from app.web.dependencies import Form, ReadConnection, render, settings_of
from app.web.language import Language
from app.web.routes import PUBLIC, page_router, requires

router = page_router()


@router.post("/{lang}/add/{key}/still-wrong", dependencies=[requires(PUBLIC)])
async def still_wrong(
    request: Request, lang: Language, key: str, sent: Form, reader: ReadConnection
) -> HTMLResponse:
    """The messages of all fields as they are now: a piece of a page. Nothing is kept.

    Of a name that several places have nothing is said: the page that offers them comes with the next step.
    """
    found = (await look_through(sent_entry(key, settings_of(request), lang, sent), reader)).entry
    sender = sender_of(request, sent, shortest_s=0, needs_email=False)
    texts = texts_of(request)
    wrong = {
        id_of(problem.path): texts.gettext(problem.message)
        for problem in (*found.problems, *sender.problems)
        if problem.path and problem.path not in found.candidates
    }
    return closed(render(request, "add/still_wrong.html", wrong=wrong))
