"""A page as a visitor meets it: elements with their attributes and text, without a browser."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"base", "meta", "link", "input", "br", "hr", "img", "path", "circle", "use", "rect"}


_BLOCKS = {"p", "div", "li", "h1", "h2", "h3", "td", "th", "dt", "dd", "summary", "caption"}


@dataclass
class Element:
    """An element, with all the text inside it."""

    tag: str
    attributes: dict[str, str]
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.parts).split())

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")


class HtmlPage(HTMLParser):
    """All elements of a page, in order; every start tag has its end, or the page is not well made."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.unbalanced: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if not self._open or self._open[-1].tag != tag:
            self.unbalanced.append(tag)
            return
        self._open.pop()
        if tag in _BLOCKS:
            self.handle_data(" ")

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.parts.append(data)

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Elements of a tag; an attribute's words must be among the element's (`class_="hit"`)."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            e
            for e in self.elements
            if e.tag == tag
            and all(
                name in e.attributes and set(v.split()) <= set(e[name].split()) for name, v in wanted.items()
            )
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} of {tag} {attributes}"
        return found[0]
