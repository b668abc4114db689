"""Where the pin is: two numbers in the page, which a person may also paste from a map as one text."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from app.forms.answers import Answers
from app.forms.fields import Field
from app.forms.reading import Reading, value_at
from app.i18n import N_, Translator
from geo.coordinates import CoordinatesError, ParsedPosition, parse_coordinates
from geo.position_checks import Suspicion

UNREADABLE = N_("Write two numbers as a map shows them, for example 50.8661, 20.6286.")
OUT_OF_RANGE = N_(
    "These are not degrees. Write two numbers as a map shows them, for example 50.8661, 20.6286."
)
METRES = N_("These look like metres of another map. Write degrees, for example 50.8661, 20.6286.")
SWAPPED = N_(
    "This is far away. Are the two numbers the wrong way round? Write latitude first, then longitude."
)
FAR_FROM_TOWN = N_(
    "The pin is far from the town in the address. Look at both again. If both are right, tick that they are."
)
FAR_FROM_ADDRESS = N_(
    "The pin is far from the street and number in the address. Look at both again. If both are right, tick that they are."
)
ONLY_TOWN = N_(
    "We found only the town of this address, so the pin would stand in its middle. Show the place on the map, or tick that the address is right without a pin."
)
MIDDLE_OF_TOWN = N_(
    "The pin stands where we found the town, in its middle. Move it to the entrance, or tick that it is right."
)
UNKNOWN_TOWN = N_(
    "We cannot say where this town is, so the place would be on no map. Look at its name, show the place on the map, or tick that the address is right without a pin."
)
WITHOUT_PIN = N_(
    "No pin. The map shows the middle of the town; where we cannot say which town it is, it shows nothing."
)
FAR_AWAY = N_("This position is not in the country. Show the place on the map, or take the numbers out.")


@dataclass(frozen=True, kw_only=True)
class Pin(Field):
    """The position of the entrance, typed as `lat, lng` and read into `{lng, lat}` (EPSG:4326).

    `countries` are those in which it should lie; a little outside is for the moderators to judge.
    """

    kind: ClassVar[str] = "pin"

    countries: tuple[str, ...]
    #: Where the content says that a position was computed: such a one nobody has shown.
    computed: str = ""
    #: The input with the town in whose neighbourhood it should lie.
    town: str = "address.city"
    #: The inputs with the rest of that address.
    street: str = "address.street"
    house_number: str = "address.house_number"
    optional: bool = True

    def owns(self, name: str) -> bool:
        """The two numbers, and that they are meant."""
        return name in {self.name, self.sure_name}

    @property
    def sure_name(self) -> str:
        """The tick by which a person says that the pin is right though the address is elsewhere."""
        return f"{self.name}.sure"

    def sure_of(self, answers: Answers) -> str:
        """What the tick is about: this pin and this address, so that it does not count for another; without a pin the town."""
        pin, town = answers.one(self.name).strip(), answers.one(self.town).strip()
        of_pin = (self.street, self.house_number) if pin else ()
        return " ".join(filter(None, (pin, *(answers.one(name).strip() for name in of_pin), town)))

    def is_sure(self, answers: Answers) -> bool:
        """Whether a person has said so."""
        return bool(said := answers.one(self.sure_name)) and said == self.sure_of(answers)

    def read(self, answers: Answers, into: Reading) -> None:
        """Put the position, or say what is wrong with it; nothing is put right silently."""
        text = answers.one(self.name).strip()
        into.came_from(self.place, self.name)
        if not text:
            if not self.optional:
                into.refuse(self.name, "missing", self.missing)
            return
        try:
            found = parse_coordinates(text, self.countries)
        except CoordinatesError:
            into.refuse(self.name, "position", UNREADABLE)
            return
        problem = _problem(found)
        if problem:
            into.refuse(self.name, "position", problem)
        else:
            into.put(self.place, {"lng": found.lng, "lat": found.lat}, self.name)

    def write(self, data: Any) -> Iterable[tuple[str, str]]:
        """The two numbers as maps show them, latitude first."""
        value = value_at(data, self.place)
        if isinstance(value, dict) and not (self.computed and value_at(data, self.computed)):
            yield self.name, f"{value['lat']:.6f}, {value['lng']:.6f}"

    def told(self, answers: Answers, texts: Translator) -> list[str]:
        """The two numbers, or that somebody said it goes without them."""
        if text := answers.one(self.name).strip():
            return [text]
        return [texts.gettext(WITHOUT_PIN)] if self.is_sure(answers) else []


def _problem(found: ParsedPosition) -> str:
    for suspicion, message in (
        (Suspicion.PROJECTED_METRES, METRES),
        (Suspicion.SWAPPED, SWAPPED),
        (Suspicion.OUT_OF_RANGE, OUT_OF_RANGE),
        (Suspicion.NULL_ISLAND, FAR_AWAY),
        (Suspicion.FAILED_GEOCODE, FAR_AWAY),
        (Suspicion.OUTSIDE_COUNTRY, FAR_AWAY),
    ):
        if found.hint(suspicion):
            return message
    return ""
