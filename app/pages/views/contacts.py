"""Ways to reach a place: numbers to call, addresses to write to, pages to open."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from app.features.wording import Said, names, said
from app.i18n import Translator
from app.taxonomy.vocabulary import Vocabulary

_CONTACT_ICONS = {"phone": "phone", "email": "mail", "web": "globe"}


@dataclass(frozen=True, slots=True)
class Contact:
    """A way to reach it. `words` are shown, `href` is opened."""

    kind: str
    icon: str
    words: str
    href: str
    label: Said | None
    languages: str


def contacts(data: Mapping[str, Any], texts: Translator, vocabulary: Vocabulary) -> list[Contact]:
    """Give the public contacts, the first choice first, and the page on the web."""
    found = []
    for contact in data.get("contacts", ()):
        kind, value = contact["kind"], contact["value"]
        spoken = names(vocabulary.languages, contact.get("languages", ()), texts.language)
        href = _href(kind, value, contact.get("extension"))
        if href:
            languages = (
                texts.gettext("Answers in: %(languages)s", languages=", ".join(spoken)) if spoken else ""
            )
            label = said(contact.get("label"), texts.language)
            found.append(Contact(kind, _CONTACT_ICONS[kind], _shown(kind, value), href, label, languages))
    website = data.get("website")
    if website and (href := _href("web", website, None)) and all(c.href != href for c in found):
        found.append(Contact("web", "globe", _shown("web", website), href, None, ""))
    return found


def _href(kind: str, value: str, extension: str | None) -> str:
    """What a contact opens; "" for what is no address of its kind."""
    if kind == "phone":
        number = "".join(sign for sign in value if sign.isdigit() or sign == "+")
        return f"tel:{number}{f';ext={extension}' if extension else ''}"
    if kind == "email":
        return f"mailto:{quote(value, safe='@')}"
    return value if value.startswith(("https://", "http://")) else ""


def _shown(kind: str, value: str) -> str:
    return value.removeprefix("https://").removeprefix("http://").rstrip("/") if kind == "web" else value
