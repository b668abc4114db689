"""Which answers a reader's device may keep for when it has no network."""

from typing import TypeVar

from starlette.responses import Response

#: The service worker keeps no page and no data without it (static/js/sw/rules.js).
HEADER = "X-Keep"

Answer = TypeVar("Answer", bound=Response)


def keepable(response: Answer, *, unless: bool = False) -> Answer:
    """Allow the service worker to keep an answer, `unless` whoever shares the device must not find it there.

    The worker does not judge: what does not say that it may be kept is not, so that a page that nobody has thought
    about leaves nothing behind. Who may keep it on its way is another matter, which `Cache-Control` says.
    """
    if not unless:
        response.headers[HEADER] = "yes"
    return response
