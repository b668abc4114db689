"""What help costs."""

from typing import Annotated, Final, Self

from pydantic import AfterValidator, Field, model_validator

from app.features.codes import CostCode
from app.features.content import Part
from app.features.problems import refusal
from app.features.text import TranslatedNote

_FREE: Final = ("free", "donation")


def _to_cents(amount: float) -> float:
    return round(amount, 2) + 0.0


class Cost(Part):
    """A condition of cost, with the price where there is one."""

    code: CostCode
    """One of the vocabulary's conditions of cost."""
    amount: Annotated[float, Field(ge=0, le=100_000), AfterValidator(_to_cents)] | None = None
    """The usual price."""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    """ISO 4217; needed with an amount."""
    note: TranslatedNote | None = None
    """What the price depends on."""

    @model_validator(mode="after")
    def _price_fits(self) -> Self:
        if self.amount and self.code in _FREE:
            raise refusal("amount_free", field="amount")
        if (self.amount is None) != (self.currency is None):
            raise refusal("currency", field="currency")
        return self
