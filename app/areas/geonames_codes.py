"""GeoNames' codes of first-level units, which are nobody's register, in the codes that ours have."""

from types import MappingProxyType
from typing import Final

#: By country: GeoNames' admin1 code to the code of `published.area`.
ADMIN1: Final = MappingProxyType(
    {
        "PL": MappingProxyType(
            {
                "72": "PL-02", "73": "PL-04", "74": "PL-10", "75": "PL-06", "76": "PL-08", "77": "PL-12",
                "78": "PL-14", "79": "PL-16", "80": "PL-18", "81": "PL-20", "82": "PL-22", "83": "PL-24",
                "84": "PL-26", "85": "PL-28", "86": "PL-30", "87": "PL-32",
            }
        ),
        "RO": MappingProxyType(
            {
                "01": "RO-AB", "02": "RO-AR", "03": "RO-AG", "04": "RO-BC", "05": "RO-BH", "06": "RO-BN",
                "07": "RO-BT", "08": "RO-BR", "09": "RO-BV", "10": "RO-B", "11": "RO-BZ", "12": "RO-CS",
                "13": "RO-CJ", "14": "RO-CT", "15": "RO-CV", "16": "RO-DB", "17": "RO-DJ", "18": "RO-GL",
                "19": "RO-GJ", "20": "RO-HR", "21": "RO-HD", "22": "RO-IL", "23": "RO-IS", "25": "RO-MM",
                "26": "RO-MH", "27": "RO-MS", "28": "RO-NT", "29": "RO-OT", "30": "RO-PH", "31": "RO-SJ",
                "32": "RO-SM", "33": "RO-SB", "34": "RO-SV", "35": "RO-TR", "36": "RO-TM", "37": "RO-TL",
                "38": "RO-VS", "39": "RO-VL", "40": "RO-VN", "41": "RO-CL", "42": "RO-GR", "43": "RO-IF",
            }
        ),
    }
)  # fmt: skip

#: Polish voivodeships, for when no boundaries are loaded that would name them.
VOIVODESHIPS: Final = MappingProxyType(
    {
        "PL-02": "dolnośląskie", "PL-04": "kujawsko-pomorskie", "PL-06": "lubelskie", "PL-08": "lubuskie",
        "PL-10": "łódzkie", "PL-12": "małopolskie", "PL-14": "mazowieckie", "PL-16": "opolskie",
        "PL-18": "podkarpackie", "PL-20": "podlaskie", "PL-22": "pomorskie", "PL-24": "śląskie",
        "PL-26": "świętokrzyskie", "PL-28": "warmińsko-mazurskie", "PL-30": "wielkopolskie",
        "PL-32": "zachodniopomorskie",
    }
)  # fmt: skip


def area_code_of_admin1(country: str, admin1: str | None) -> str | None:
    """The code of the area, where the country is one that we know."""
    return ADMIN1.get(country, MappingProxyType({})).get(admin1 or "")
