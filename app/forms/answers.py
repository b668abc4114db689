"""What a person has typed into a form so far, exactly as typed."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Self


@dataclass(frozen=True, slots=True)
class Answers:
    """Texts by the name of their input, in the order in which they were sent; ticks have several."""

    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> Self:
        """Gather name and text of each input."""
        lists: dict[str, tuple[str, ...]] = {}
        for name, text in pairs:
            lists[name] = (*lists.get(name, ()), text)
        return cls(lists)

    def one(self, name: str, default: str = "") -> str:
        """The text of an input, or the default when it was not on the page."""
        texts = self.lists.get(name)
        return texts[0] if texts else default

    def all(self, name: str) -> tuple[str, ...]:
        """Every text that came under a name."""
        return self.lists.get(name, ())

    def has(self, name: str) -> bool:
        """Whether the input was on the page; an unticked box was not."""
        return name in self.lists

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Name and text of each input, as `of` takes them."""
        for name, texts in self.lists.items():
            for text in texts:
                yield name, text

    def under(self, prefix: str) -> Iterator[str]:
        """The names that begin with `prefix` and a dot, without these."""
        start = f"{prefix}."
        for name in self.lists:
            if name.startswith(start):
                yield name[len(start) :]

    def replaced(self, name: str, *texts: str) -> Self:
        """The same with other texts under one name; with none the name is gone."""
        lists = {key: value for key, value in self.lists.items() if key != name or texts}
        if texts:
            lists[name] = texts
        return type(self)(lists)

    def only(self, keep: Callable[[str], bool]) -> Self:
        """The part whose names are kept."""
        return type(self)({name: texts for name, texts in self.lists.items() if keep(name)})
