"""Questions that are made of others, asked once for each of several things."""

from dataclasses import dataclass

from app.forms.fields import Field


@dataclass(frozen=True, kw_only=True)
class Nested(Field):
    """Its inputs are those of the fields inside; which field has an input, `inner` says."""

    fields: tuple[Field, ...]

    def inner(self, name: str) -> Field | None:
        """The field inside, as it is named and placed for its thing, that an input is of; None for no input of this one."""
        raise NotImplementedError

    def owns(self, name: str) -> bool:
        """Whether an input is of a field inside."""
        return self.inner(name) is not None

    def takes_many(self, name: str) -> bool:
        """As the field inside says."""
        inner = self.inner(name)
        return inner is not None and inner.takes_many(name)
