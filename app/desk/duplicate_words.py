"""Why two entries may be one, in words."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from app.i18n import N_, Translator

_WORDS: Final = {
    "identifier": N_("same number in a register"),
    "name": N_("names %(share)s alike"),
    "phone": N_("same telephone"),
    "near": N_("%(metres)s m apart"),
    "email": N_("same e-mail address"),
    "address": N_("same address"),
    "site": N_("same web page"),
    "organisation": N_("same organisation"),
    "city": N_("same town"),
    "service": N_("same kind of help"),
}
_ON_ONE_SPOT: Final = N_("on the same spot")
_SAME_NAME: Final = N_("same name")


def reason_words(texts: Translator, reasons: Iterable[Mapping[str, Any]]) -> list[str]:
    """Give each reason (`code`, and `amount` of some) in words, in the order given."""
    return [_said(texts, reason["code"], reason.get("amount")) for reason in reasons]


def _said(texts: Translator, code: str, amount: int | None) -> str:
    if code == "near" and not amount:
        return texts.gettext(_ON_ONE_SPOT)
    if code == "name" and amount == 100:
        return texts.gettext(_SAME_NAME)
    # A sign of per cent is not parted from its number.
    given: dict[str, dict[str, Any]] = {
        "name": {"share": f"{amount}\N{NO-BREAK SPACE}%"},
        "near": {"metres": amount},
    }
    return texts.gettext(_WORDS[code], **given.get(code, {}))
