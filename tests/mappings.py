"""Mappings of an invented register in CSV, from the least that can be used to one with everything that tests ask for."""

_REGISTER = """
title = "Punkty"
layer = "aid_points"
source = "points"
url = "https://example.org/points"
licence = "CC0-1.0"
attribution = "Miasto"
as_of = 2026-06-01
countries = ["PL"]
language = "pl"
id = "id"
"""
_HELP = """
[reader]
format = "csv"
[name]
texts = { pl = "nazwa" }
[[services]]
codes = ["hot_meals"]
"""
_POSITION = """
[position]
lng = "lng"
lat = "lat"
"""
_MORE = """
[[contacts]]
phones = ["telefon"]
[address]
city = "miasto"
[[skip]]
when = { value = "nazwa", matches = "^Zamknięte" }
reason = "Closed"
"""

#: Columns `id` and `nazwa`.
LEAST = _REGISTER + _HELP
#: And `lng`, `lat`.
PLACED = LEAST + _POSITION
#: And `miasto`, `telefon`; closed places are left out, and the register has checked all others.
POINTS = f'{_REGISTER}verified_how = "official_register"\n{_HELP}{_POSITION}{_MORE}'
