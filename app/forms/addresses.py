"""The questions of a postal address."""

from collections.abc import Callable

from app.forms.answers import Answers
from app.forms.fields import Field, Text, _always
from app.i18n import N_


def address_fields(
    *,
    shown: Callable[[Answers], bool] = _always,
    possible: Callable[[Answers], bool] = _always,
    when: tuple[str, ...] = (),
    optional: bool = False,
) -> tuple[Field, ...]:
    """Street, number, postcode, town and the way to the door, as an envelope in Poland has them."""

    def line(name: str, label: str, *, row: str = "", fill: str = "", hint: str = "",
             missing: str = "", mode: str = "") -> Text:  # fmt: skip
        return Text(
            name=f"address.{name}", label=label, row=row, autocomplete=fill, hint=hint,
            inputmode=mode, missing=missing or N_("Fill this in."), optional=optional or not missing, marked=False,
            shown=shown, possible=possible, when=when,
        )  # fmt: skip

    return (
        line("street", N_("Street"), row="street", fill="address-line1"),
        line("house_number", N_("Number"), row="street"),
        line("postcode", N_("Postcode"), row="town", fill="postal-code", mode="numeric"),
        line(
            "city",
            N_("Town or village"),
            row="town",
            fill="address-level2",
            missing=N_("Write the town or village."),
        ),
        Text(
            name="address.entrance",
            label=N_("How to find the door"),
            hint=N_("For example: entrance from the yard, second floor."),
            optional=True,
            translated=True,
            rows=2,
            shown=shown,
            possible=possible,
            when=when,
        ),
    )
