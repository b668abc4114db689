"""What places are asked for: kinds of help that many and that few of them give, and what people type who look for them."""

from dataclasses import dataclass
from typing import Final


def _letter_by_letter(*typed: str) -> tuple[str, ...]:
    """Each keystroke of a person who types them to the end, from the second letter on, as the finder asks."""
    return tuple(words[:end] for words in typed for end in range(2, len(words) + 1) if words[end - 1] != " ")


@dataclass(frozen=True, slots=True)
class Subject:
    """Codes of services, a filter of languages or of access as (parameter, code), and typed words; an address is typed letter by letter."""

    common: str
    rare: str
    further: tuple[str, str]
    word: str
    #: None of them written to the end.
    names_begun: tuple[str, ...]
    misspelt: tuple[str, ...]
    typed: tuple[str, ...]
    cyrillic: tuple[str, ...]
    addresses: tuple[str, ...]
    address: str

    @property
    def letters(self) -> tuple[str, ...]:
        """What is asked while the typed words are typed."""
        return _letter_by_letter(*self.typed)

    @property
    def address_letters(self) -> tuple[str, ...]:
        """What is asked while the address is typed."""
        return _letter_by_letter(self.address)


# Services, towns and names. No answer is kept in the server, so that a word that is asked for again costs the same; but PostgreSQL
# has everything in its memory, and the invented places have some two thousand words where those of Poland have 17,500.
INVENTED: Final = Subject(
    common="hot_meals",
    rare="anti_discrimination",
    further=("language", "uk"),
    word="malinowy",
    names_begun=(
        "kub",
        "siodmy k",
        "malin",
        "kiel",
        "warsz",
        "obiad",
        "porady pra",
        "herbata z pi",
        "otwartych drzwi 7",
    ),
    misspelt=("siudmy", "malnowy", "warsawa", "dentsta", "krakuw", "hrbata", "otwratych"),
    typed=(
        "obiad",
        "dentysta kielce",
        "zupa",
        "warszawa",
        "siódmy kubek",
        "ubrania zimowe",
        "prawnik",
        "кельце",
        "безкоштовний обід",
    ),
    cyrillic=("їжа", "кельце", "юрист", "варшава", "малиновы", "прихисток"),
    # All invented places of all towns stand in one street, which no register has: the worst that can be asked of them.
    addresses=(
        "otwartych drzwi 7",
        "Otwartych Drzwi 12, Radom",
        "otwratych drzwi 5 kraków",
        "ul. Otwartych Drzwi",
    ),
    address="Otwartych Drzwi 12, Radom",
)

#: 15,199 of the 26,756 are pharmacies, 7,568 have that word in their name, 21,436 an address that begins with "ul.".
POLAND: Final = Subject(
    common="pharmacy",
    rare="psychological_support",
    further=("access", "on_site"),
    word="apteka",
    names_begun=(
        "apte",
        "apteka pod l",
        "szko",
        "szkoła podst",
        "przedszkole nr 1",
        "biblioteka pub",
        "poradnia psycholog",
        "szpital wojew",
        "ośrodek pomocy spo",
        "kiel",
    ),
    misspelt=(
        "aptkea",
        "szkloa",
        "przedskzole",
        "bibiloteka",
        "warsawa",
        "osrodek pomcy",
        "krakuw",
        "szpitla",
    ),
    typed=(
        "apteka",
        "szkoła podstawowa kielce",
        "przedszkole",
        "warszawa",
        "szpital wojewódzki",
        "poradnia psychologiczna",
        "biblioteka",
        "кельце",
        "аптека поруч",
    ),
    cyrillic=("аптека", "кельце", "школа", "варшава", "лікарня", "дитячий садок"),
    addresses=(
        "szkolna 7",
        "ul. Kościuszki 12, Radom",
        "sienkeiwicza 5 kielce",
        "ul. Jana Pawła II",
    ),
    address="ul. Kościuszki 12, Radom",
)
