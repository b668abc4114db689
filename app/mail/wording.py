"""The words of a letter as administrators write them: text and names in braces, nothing that is ever evaluated.

What somebody typed is taken apart by one expression into text and placeholders, and put together again with the values
as text. No template engine and no format string sees it.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.errors import FieldProblem, InvalidInput
from app.i18n import N_, translator
from app.i18n.inner_quotes import with_inner_quotes
from app.mail.addresses import has_break
from app.mail.letter_kinds import SENTENCES, LetterKind

LONGEST_SUBJECT: Final = 120
LONGEST_BODY: Final = 3000
LONGEST_LINE: Final = 500
_PLACEHOLDER: Final = re.compile(r"\{([a-z_]{1,30})\}", re.ASCII)
#: What a mail program makes a link of, or what may be one elsewhere.
_LINK: Final = re.compile(
    r"[a-z][a-z0-9+.-]{1,20}://|\bwww\.|\b(?:mailto|javascript|data|tel):|[\w.+-]@[\w-]|"
    r"\b[\w-]{3,63}\.[^\W\d_]{2,24}\b",
    re.IGNORECASE,
)
_HIDDEN: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff\ud800-\udfff]")  # fmt: skip
#: Nine digits: a serial number of eight is none.
_TELEPHONE: Final = re.compile(r"(?:\d[\W_]*){9}")

NO_SUBJECT: Final = N_("Write a subject.")
NO_BODY: Final = N_("Write what the letter says.")
SUBJECT_BREAKS: Final = N_("A subject is one line, without hidden characters.")
HIDDEN: Final = N_("There is a hidden character in this text. Type it again instead of pasting it.")
TOO_LONG: Final = N_("Write it shorter.")
LINE_TOO_LONG: Final = N_("One paragraph is very long. Make two of it.")
BRACES: Final = N_("Braces are only for the placeholders that are listed, such as {name}.")
NOT_IN_SUBJECT: Final = N_("A subject may not name a link or what somebody has written at length.")
NO_LINKS: Final = N_(
    "Links and e-mail addresses stand only where a placeholder puts them. After a full stop there is a space."
)
LEFT_OUT: Final = N_(
    "Something is missing that this letter cannot do without. It is marked in the list of placeholders."
)
TWICE: Final = N_("Name each link once.")
GLUED: Final = N_("Leave a blank before and after a link, so that nothing becomes a part of it.")


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a kind of letter in a language, with placeholders."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a paragraph as it is read; `link`: an address of ours."""

    text: str
    link: bool = False


@dataclass(frozen=True, slots=True)
class Worded:
    """A letter with its values: paragraphs of pieces, and the sentences that always stand below them."""

    subject: str
    paragraphs: tuple[tuple[Piece, ...], ...]
    fixed: tuple[str, ...]


class UnknownPlaceholderError(ValueError):
    """These words name something that this kind of letter does not know any more."""


def read_wording(kind: LetterKind, subject: str, body: str) -> Wording:
    """Read what somebody typed; `InvalidInput` names the field that is wrong and why."""
    body = "\n".join(line.strip() for line in body.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    wording = Wording(subject.strip(), re.sub(r"\n{3,}", "\n\n", body).strip())
    problems = [
        FieldProblem("subject", "subject", words) for words in _wrong_in_subject(kind, wording.subject)
    ]
    problems += [FieldProblem("body", "body", words) for words in _wrong_in_body(kind, wording.body)]
    if problems:
        raise InvalidInput(*problems)
    return wording


def fill(kind: LetterKind, wording: Wording, values: Mapping[str, Any], language: str) -> Worded:
    """Put the values into the words; `UnknownPlaceholderError` for words that are older than the kind is.

    A paragraph whose placeholders are all empty is left out.
    """
    texts = translator(language)
    known: dict[str, str] = {}
    for one in kind.placeholders:
        if one.name in SENTENCES:
            given, sentence = SENTENCES[one.name]
            known[one.name] = texts.gettext(sentence) if values.get(given) else ""
        else:
            known[one.name] = str(values.get(one.name) or "")
    paragraphs = []
    for paragraph in wording.body.split("\n\n"):
        named = _PLACEHOLDER.findall(paragraph)
        if any(name not in known for name in named):
            raise UnknownPlaceholderError
        if not named or any(known[name] for name in named):
            paragraphs.append(_pieces(kind, paragraph, with_inner_quotes(paragraph, known)))
    if any(name not in known for name in _PLACEHOLDER.findall(wording.subject)):
        raise UnknownPlaceholderError
    in_subject = with_inner_quotes(wording.subject, known)
    subject = _PLACEHOLDER.sub(lambda found: in_subject[found[1]], wording.subject)
    return Worded(
        " ".join(subject.split()), tuple(paragraphs), tuple(texts.gettext(one) for one in kind.fixed)
    )


def _pieces(kind: LetterKind, paragraph: str, known: Mapping[str, str]) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    at = 0
    for found in _PLACEHOLDER.finditer(paragraph):
        pieces.append(Piece(paragraph[at : found.start()]))
        one = kind.placeholder(found[1])
        value = known[found[1]]
        pieces.append(
            Piece(value, link=one is not None and one.link and value.startswith(("https://", "http://")))
        )
        at = found.end()
    pieces.append(Piece(paragraph[at:]))
    return tuple(piece for piece in pieces if piece.text)


def _wrong_in_subject(kind: LetterKind, subject: str) -> list[str]:
    named = [kind.placeholder(name) for name in _PLACEHOLDER.findall(subject)]
    faults = (
        (not subject, NO_SUBJECT),
        (has_break(subject) or bool(_HIDDEN.search(subject)), SUBJECT_BREAKS),
        (len(subject) > LONGEST_SUBJECT, TOO_LONG),
        (_has_braces(subject) or None in named, BRACES),
        (any(one is not None and not one.in_subject for one in named), NOT_IN_SUBJECT),
        (_names_links(subject), NO_LINKS),
    )
    return _first(faults)


def _wrong_in_body(kind: LetterKind, body: str) -> list[str]:
    if len(body) > LONGEST_BODY:
        return [TOO_LONG]
    names = _PLACEHOLDER.findall(body)
    links = [one for one in kind.placeholders if one.link and one.name in names]
    faults = (
        (not body, NO_BODY),
        (bool(_HIDDEN.search(body)), HIDDEN),
        (any(len(line) > LONGEST_LINE for line in body.split("\n")), LINE_TOO_LONG),
        (_has_braces(body) or any(kind.placeholder(name) is None for name in names), BRACES),
        (any(one.required and one.name not in names for one in kind.placeholders), LEFT_OUT),
        (any(names.count(one.name) > 1 for one in links), TWICE),
        (not all(_stands_alone(one.name, body) for one in links), GLUED),
        (_names_links(body), NO_LINKS),
    )
    return _first(faults)


def _first(faults: tuple[tuple[bool, str], ...]) -> list[str]:
    """The first that is so: the others often come with it."""
    return [words for is_so, words in faults if is_so][:1]


def _stands_alone(name: str, body: str) -> bool:
    return bool(re.search(rf"(?<!\S)\{{{name}\}}(?!\S)", body))


def _has_braces(text: str) -> bool:
    """Whether braces are left when every placeholder is taken out; two of them together are none."""
    return bool(re.search(r"[{}]", _PLACEHOLDER.sub("", text))) or "{{" in text or "}}" in text


def leads_elsewhere(name: str) -> bool:
    """Whether what somebody calls a thing may lead whoever reads it in a letter elsewhere, or is not what it looks like."""
    alike = unicodedata.normalize("NFKC", name)
    return any(pattern.search(alike) for pattern in (_LINK, _HIDDEN, _TELEPHONE))


def _names_links(text: str) -> bool:
    # A placeholder is taken for a word, so that nothing is put together around one.
    return bool(_LINK.search(_PLACEHOLDER.sub("x", text)))
