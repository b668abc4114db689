"""Real places of Poland, as far as they are at hand: registers that others keep, imported as `pomapa import --publish` does.

They may not be passed on, so that they lie beside the checkout and not in it. What they have that invented places
have not: 17,000 places of one kind, words that thousands of names share, names of ten words, several on one spot.
"""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Final

import psycopg
from sqlalchemy.ext.asyncio import AsyncSession

from app.areas.address_file import Refused, read_addresses
from app.areas.address_loading import load_addresses
from app.areas.boundary_file import read_boundaries
from app.areas.importing import import_units
from app.areas.units import Origin
from app.db import Database, session
from app.features.setting import Setting
from app.imports.applying import ImportRequest, run_import
from app.imports.mapping import load_mapping
from app.layers.registry import layer
from app.localdb import ClusterUrls
from app.taxonomy.vocabulary import load_vocabulary

#: Where they lie beside a checkout.
DATA: Final = Path(__file__).resolve().parents[2] / "shared" / "data"

#: Mappings and files. The sheets of care homes are left out: they are made for people, and no mapping reads them.
_REGISTERS: Final = (
    ("pl-reception-2022", "pl-reception-2022/custom.geojson"),
    ("pl-ifr-spots", "pl-ifr-spots/spots.json"),
    ("pl-medical-pharmacies", "pl-medical-2022/apteki.geojson"),
    ("pl-medical-emergency-wards", "pl-medical-2022/sor.geojson"),
    ("pl-medical-hospitals", "pl-medical-2022/szpitale.geojson"),
    ("pl-rspo-places", "pl-rspo-places/rspo_08_lubuskie.geojson"),
    ("pl-rspo-places", "pl-rspo-places/rspo_18_podkarpackie.geojson"),
    ("pl-rspo-places", "pl-rspo-places/rspo_24_slaskie.geojson"),
    ("pl-rspo-places", "pl-rspo-places/rspo_26_swietokrzyskie.geojson"),
    ("pl-rspo-places", "pl-rspo-places/rspo_help_all_poland.geojson"),
    ("pl-gdansk-culture", "pl-gdansk-pois-epsg2177/pois_1.geojson"),
    ("pl-gdansk-offices", "pl-gdansk-pois-epsg2177/pois_2.geojson"),
    # By their addresses alone, which are looked up among the units and the streets.
    ("pl-ops-slaskie", "pl-ops-slaskie/ops_slaskie.csv"),
)
_BOUNDARIES: Final = tuple(
    f"boundaries-pl/poland.{level}.json" for level in ("voivodeships", "counties", "municipalities")
)
_ADDRESSES: Final = "gazetteer-pl-addresses/pl_address_points.csv.gz"


def missing(folder: Path) -> str | None:
    """Say which of the files is not there, or None."""
    for file in (*_BOUNDARIES, _ADDRESSES, *(file for _, file in _REGISTERS)):
        if not (folder / file).is_file():
            return file
    return None


async def fill_with_poland(urls: ClusterUrls, folder: Path, say: Callable[[str], None]) -> int:
    """Import units, addresses and all registers; give the number of places that are public then."""
    setting = Setting(load_vocabulary(), "Europe/Warsaw", "PL", dt.datetime.now(dt.UTC))
    db = Database(urls.app, urls.reader, write_timeout_ms=600_000)
    try:
        for file in _BOUNDARIES:
            units = read_boundaries(folder / file, Origin("register of units", "not stated", 2021)).units
            async with session(db) as s:
                await import_units(s, units)
        async with session(db) as s:
            await load_addresses(
                s,
                read_addresses(folder / _ADDRESSES, "PL", Refused()),
                country="PL",
                source="register of addresses",
                licence="not stated",
            )
        for name, file in _REGISTERS:
            mapping = load_mapping(name)
            request = ImportRequest(folder / file, mapping, "publish", ("PL",), skip_bad=True)
            async with AsyncSession(db.write, expire_on_commit=False) as s, s.begin():
                report = await run_import(s, setting, layer(mapping.layer), request)
            say(f"  {file}: {', '.join(f'{count:,} {status}' for status, count in report.counts.items())}")
    finally:
        await db.dispose()
    with psycopg.connect(urls.owner.replace("+psycopg", "", 1), autocommit=True) as owner:
        owner.execute("VACUUM (ANALYZE)")
        row = owner.execute("SELECT count(*) FROM published.feature").fetchone()
    return int(row[0]) if row else 0
