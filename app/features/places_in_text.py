"""Places in free text: addresses, coordinates and codes of places, which nothing about a protected place may hold.

Taken widely: a sentence that has to be written another way costs less than a door that is found.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from app.features.problems import refusal

#: What stands where a place was taken out.
GONE: Final = "…"

_UPPER: Final = "A-ZĄĆĘŁŃÓŚŹŻÄÖÜĂÂÎȘȚА-ЯІЇЄҐЁ"
_WORD: Final = rf"[{_UPPER}][\w’'.-]{{1,30}}"
#: A number of a house, with letter or flat; never a time, a date, an amount, an age or a longer number.
_NUMBER: Final = (
    r"(?<![\d:])(?!(?:19|20)\d\d(?!\w)|24\s?h)\d{1,4}(?:\s?[a-zA-Zа-яА-Яąćę](?![\w]))?(?:\s?[/\\]\s?\d{1,4}[a-zA-Z]?)?(?![\d:])(?!\.\d)"
    r"(?!\s*(?:%|zł|pln|eur|€|godz|osób|miejsc|łóżek|tys|h\b|os\b|lat\b|rok|min\b|km\b|dni|осіб|років|год|лет|years|people|stycz|lut(?:y|ego)"
    r"|marca|kwiet|maja|czerw|lipca|sierp|wrze|paźdz|listop|grud))"
)
_KIND: Final = (
    r"ul\.?|ulic[aęyi]|al\.?|alej[aęai]|alei|alejach|pl\.|plac(?:u|em)?|os\.|osiedl[eau]|rondo|skwer|bulwar|szos[aey]|trakt"
    r"|вул\.?|вулиц[яіею]|просп(?:ект|екті|\.)|площ[аі]|пл\.|бульвар|бул\.|провул(?:ок|ку|\.)"
    r"|ул\.?|улиц[аеы]|проспекте?|площад[ьи]|переул(?:ок|ке)"
    r"|str\.|strada|bulevardul|bd\.|aleea|calea|piața|șoseaua"
)
_MAPS: Final = (
    r"(?:geo:|https?://)?(?:www\.)?(?:maps\.app\.goo\.gl|goo\.gl/maps|maps\.google\.[a-z.]+|google\.[a-z.]+/maps"
    r"|maps\.apple\.com|openstreetmap\.org|osm\.org|osmand\.net|what3words\.com|w3w\.co|plus\.codes|targeo\.pl)\S*"
)
_PATTERNS: Final = tuple(
    re.compile(pattern, flags)
    for pattern, flags in (
        # 50.8661, 20.6286 and 50,8661 20,6286
        (r"(?<![\d.,])-?\d{1,3}[.,]\d{3,10}\s*°?\s*[NSEW]?\s*[,;/ ]\s*-?\d{1,3}[.,]\d{3,10}(?!\d)", 0),
        # 50°51′58″N 20°37′43″E, or half of it
        (r"(?<!\d)\d{1,3}\s*°\s*\d{1,2}(?:[.,]\d+)?\s*[′'’](?:\s*\d{1,2}(?:[.,]\d+)?\s*(?:[″\"”]|''))?\s*[NSEWnsew]?", 0),
        # Plus codes, long and short; words of what3words; pages of maps and geo links
        (r"(?<![\w+])[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3}(?!\w)", 0),
        (r"///\w+\.\w+\.\w+", 0),
        (_MAPS, re.IGNORECASE),
        (r"geo:-?\d\S*", re.IGNORECASE),
        # Postcodes, no part of a telephone number
        (r"(?<![\d+-])\d{2}-\d{3}(?![\d-])(?! ?\d{2,3}\b)", 0),
        # The kind of a street, its name and, mostly, a number
        (rf"(?<!\w)(?:{_KIND})\s+(?:[\w’'.-]{{1,30}}\s+){{1,5}}?(?:nr\.?\s*|буд\.?\s*|д\.?\s*|, ?)?{_NUMBER}", re.IGNORECASE),
        (rf"(?<!\w)(?i:ul\.|ulic[aęyi]|вул\.|вулиц[яіею]|ул\.|улиц[аеы]|strada)\s+{_WORD}(?:\s+{_WORD}){{0,3}}", 0),
        # A name of the kind that streets have, and a number
        (rf"(?<!\w)(?:{_WORD}\s+){{0,3}}[{_UPPER}][\w-]*(?:sk|ck|dzk|n|w|cz)(?:a|iej|ej)\s+(?:nr\s*)?{_NUMBER}", 0),
        (rf"(?<!\w)(?:{_WORD}\s+){{0,3}}[{_UPPER}][\w-]*(?:iego|ego|icza|ów|[Dd]uża|owa|[^aeiou\W]y|ka|ki|ca|cy|ła|ty)\s+(?:nr\s*)?{_NUMBER}", 0),
        (rf"(?<!\w)(?:[IVX]+|\d{{1,2}}\.?)\s+(?:Wieków|Maja|Listopada|Lutego|Armii|Wojska|Pułku|Kielc)(?:\s+{_WORD})?\s+{_NUMBER}", 0),
        (rf"(?<!\w)[{_UPPER}][\w-]*(?:straße|strasse|str\.|weg|gasse|platz|allee)\s*{_NUMBER}", 0),
        (rf"(?<!\w)\d{{1,4}}[a-z]?\s+(?:{_WORD}\s+){{1,3}}(?:Street|St\b|Road|Rd\b|Avenue|Ave\b|Lane|Square)", 0),
    )
)  # fmt: skip


def places_in(text: str) -> list[tuple[int, int]]:
    """Where in the text places are written, as begin and end in code points, in order and apart from each other."""
    if not any(sign.isdigit() for sign in text) and "//" not in text and "." not in text and " " not in text:
        return []
    spans = sorted(match.span() for pattern in _PATTERNS for match in pattern.finditer(text))
    joined: list[tuple[int, int]] = []
    for begin, end in spans:
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined


def without_places(text: str, streets: Collection[str] = ()) -> str:
    """The text with "…" for every place in it, and for each of the `streets`; never so short that it could not be a name."""
    cleaned = text
    for begin, end in reversed(places_in(text)):
        cleaned = f"{cleaned[:begin]}{GONE}{cleaned[end:]}"
    for street in streets:
        known = rf"(?<!\w){re.escape(street)}(?!\w)(?:\s+{_NUMBER})?"
        cleaned = re.sub(known, GONE, cleaned, flags=re.IGNORECASE)
    return cleaned if cleaned == text or any(map(str.isalpha, cleaned)) else f"{GONE} {GONE}"


def texts_of(data: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every free text of a content given as JSON, with its path; codes, numbers and ways to reach people are none."""
    if isinstance(data, Mapping):
        for key, value in data.items():
            if isinstance(value, str) and (key in _TEXTS or path[-1:] == ("texts",)):
                yield (*path, key), value
            elif not (path == () and key in _NO_TEXTS):
                yield from texts_of(value, (*path, key))
    elif isinstance(data, list | tuple):
        for index, value in enumerate(data):
            if isinstance(value, str):
                if path[-1:] in _LISTS:
                    yield (*path, str(index)), value
            else:
                yield from texts_of(value, (*path, str(index)))


def refuse_places_in_texts(data: Mapping[str, Any]) -> None:
    """Raise the refusal of a content, as JSON, in whose free texts there are places; it names each of them."""
    found = [".".join(path) for path, text in texts_of(data) if path[0] != "place" and places_in(text)]
    found += [key for key in ("website",) if places_in(data.get(key, ""))]
    if found:
        raise refusal("place_in_text", field=found[0], also=dict.fromkeys(found[1:], "place_in_text"))


#: Members that are text in no particular language.
_TEXTS: Final = frozenset({"name", "note", "others"})
_LISTS: Final = frozenset({("also_known_as",), ("others",)})
#: An address is no free text, and a unit of administration is named by its list.
_NO_TEXTS: Final = frozenset({"address", "identifiers", "people"})
