"""The real data sets, with exact counts: what is taken, what is refused and why."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.areas.boundary_file import read_boundaries
from app.areas.gazetteer_loading import load_gazetteer
from app.areas.importing import import_units
from app.areas.units import Origin
from app.db import Database
from app.db import session as transaction
from app.imports.report import Status
from geo.gazetteer import read_geonames_tsv
from tests.integration.imports.conftest import Import, count, import_into

ORIGIN = Origin("test", "CC0", 2021)
NEW, LEFT_OUT, REFUSED = Status.NEW, Status.LEFT_OUT, Status.REFUSED


@pytest.mark.parametrize(
    ("mapping", "file", "counts", "refusals"),
    [
        ("pl-reception-2022", "pl-reception-2022/custom.geojson", {NEW: 9}, {}),
        ("pl-ifr-spots", "pl-ifr-spots/spots.json", {NEW: 61, REFUSED: 5}, {"position_outside": 5}),
        ("pl-medical-pharmacies", "pl-medical-2022/apteki.geojson", {NEW: 15_199}, {}),
        ("pl-medical-emergency-wards", "pl-medical-2022/sor.geojson", {NEW: 236}, {}),
        ("pl-medical-hospitals", "pl-medical-2022/szpitale.geojson", {NEW: 576}, {}),
        (
            "pl-rspo-places",
            "pl-rspo-places/rspo_help_all_poland.geojson",
            {NEW: 1736, LEFT_OUT: 178, REFUSED: 3},
            {"no_service": 2, "position_failed_geocode": 1},
        ),
        (
            "pl-rspo-places",
            "pl-rspo-places/rspo_26_swietokrzyskie.geojson",
            {NEW: 1458, LEFT_OUT: 217, REFUSED: 5},
            {"no_service": 5},
        ),
        (
            "pl-rspo-places",
            "pl-rspo-places/rspo_outliers.geojson",
            {REFUSED: 11},
            {"position_failed_geocode": 10, "position_outside": 1},
        ),
        ("pl-gdansk-culture", "pl-gdansk-pois-epsg2177/pois_1.geojson", {NEW: 74}, {}),
        ("pl-gdansk-offices", "pl-gdansk-pois-epsg2177/pois_2.geojson", {NEW: 11}, {}),
        ("hsds-examples", "hsds-examples/csv", {NEW: 1}, {}),
        ("hsds-examples", "hsds-examples/service_full.json", {NEW: 1}, {}),
        ("hsds-examples-organisations", "hsds-examples/organization_full.json", {NEW: 1}, {}),
    ],
)
async def test_a_dry_run_counts_exactly(
    run: Import,
    shared_data: Path,
    mapping: str,
    file: str,
    counts: dict[Status, int],
    refusals: dict[str, int],
) -> None:
    report = await run(shared_data / file, mapping, "dry_run")

    assert dict(report.counts) == counts
    assert dict(report.refusals) == refusals


async def test_the_oddities_of_the_hospitals_are_noticed(run: Import, shared_data: Path) -> None:
    report = await run(shared_data / "pl-medical-2022/szpitale.geojson", "pl-medical-hospitals", "dry_run")

    assert report.warnings["website_is_email"] == 1
    assert report.warnings["website_repaired"] == 1
    assert report.warnings["phone_range"] > 15


async def test_a_second_run_of_a_real_set_changes_nothing(run: Import, shared_data: Path) -> None:
    path = shared_data / "pl-ifr-spots/spots.json"
    await run(path, "pl-ifr-spots", skip_bad=True)

    again = await run(path, "pl-ifr-spots", skip_bad=True)

    assert again.counts == {Status.SAME: 61, REFUSED: 5}


async def test_the_spots_are_what_they_were(run: Import, shared_data: Path, session: AsyncSession) -> None:
    await run(shared_data / "pl-ifr-spots/spots.json", "pl-ifr-spots", skip_bad=True)

    rows = await session.execute(text("SELECT source_id, content FROM core.feature"))
    spots = {row.source_id: row.content for row in rows}
    assert spots["303"]["address"]["house_number"] == "60-A"  # was written with a Cyrillic А
    assert spots["1"]["channel"] == "online"  # 0.0, 0.0 and only a page on the web
    assert spots["101"]["channel"] == "phone"
    assert "position" not in spots["2009"]["place"]  # hasLocation is false, with coordinates
    assert {c["value"] for c in spots["302"]["contacts"]} >= {"+48124296066", "+48124294522"}
    assert spots["2003"]["hours"] == "Mo-Fr 09:00-19:00; Sa-Su 09:00-14:00"
    assert spots["2003"]["name"]["states"] == {"ru": "machine", "uk": "machine"}
    assert [service["type"] for service in spots["2004"]["services"]] == [
        "information_point",
        "psychological_support",
    ]
    assert spots["52"]["address"]["street"] == "ul. Grochowska"
    assert {key: set(spot["languages"]) for key, spot in spots.items() if "languages" in spot} == {
        "2005": {"pl", "en", "uk", "ru"},  # "(PL, EN)" and "(UK, RU)" beside the numbers
        "2010": {"pl", "uk"},  # "W JĘZYKU UKRAIŃSKIM I POLSKIM"
        "2013": {"pl", "uk", "ru"},
    }
    assert await count(session, "published.feature", "geom IS NULL") == 7


async def test_the_nine_known_pairs_of_duplicates_are_found(run: Import, shared_data: Path) -> None:
    await run(shared_data / "pl-reception-2022/custom.geojson", "pl-reception-2022")

    report = await run(shared_data / "pl-ifr-spots/spots.json", "pl-ifr-spots", "dry_run")

    duplicates = [duplicate for row in report.rows for duplicate in row.duplicates]
    assert len({duplicate.feature_id for duplicate in duplicates}) == 9
    assert max(duplicate.metres for duplicate in duplicates) <= 70


async def test_gdansk_lies_in_gdansk(run: Import, shared_data: Path, session: AsyncSession) -> None:
    for mapping, file in (("pl-gdansk-culture", "pois_1"), ("pl-gdansk-offices", "pois_2")):
        await run(shared_data / f"pl-gdansk-pois-epsg2177/{file}.geojson", mapping)

    inside = "lng BETWEEN 18.4 AND 18.96 AND lat BETWEEN 54.27 AND 54.45"
    assert await count(session, "published.feature", inside) == 85


@pytest.fixture
async def located(module_db: Database, shared_data: Path) -> Database:
    """The module's database with the units of Śląskie, Romania's counties and the places of both countries."""
    async with transaction(module_db) as s:
        if await s.scalar(text("SELECT count(*) FROM published.area")) == 0:
            units = []
            for name in ("municipalities", "counties", "voivodeships"):
                path = shared_data / "boundaries-pl" / f"poland.{name}.json"
                units += [u for u in read_boundaries(path, ORIGIN).units if u.code.startswith("PL-24")]
            found = read_boundaries(shared_data / "boundaries-ro" / "romania_uat.geojson", ORIGIN).units
            units += [unit for unit in found if unit.level == "county"]
            await import_units(s, units)
            table = shared_data / "gazetteer-geonames" / "cities500_PL.tsv"
            with table.open(encoding="utf-8", newline="") as lines:
                await load_gazetteer(s, ["PL"], places=read_geonames_tsv(lines))
    return module_db


async def test_addresses_without_coordinates_are_found_with_their_level_and_confidence(
    located: Database, shared_data: Path
) -> None:
    report = await import_into(
        located, shared_data / "pl-ops-slaskie/ops_slaskie.csv", "pl-ops-slaskie", "publish"
    )

    assert report.counts == {NEW: 167}
    assert report.warnings["geocoded"] == 167
    async with transaction(located) as s:
        rows = await s.execute(
            text("SELECT content->'place' AS place FROM core.feature WHERE source = 'pl-ops-slaskie'")
        )
        places = [row.place for row in rows]
    assert {place["geocoded"]["level"] for place in places} == {"locality", "municipality"}
    assert {place["geocoded"]["confidence"] for place in places} == {0.95}
    assert all(
        18 < place["position"]["lng"] < 20.1 and 49.3 < place["position"]["lat"] < 51.2 for place in places
    )


@pytest.mark.parametrize(
    ("mapping", "file", "counts", "refusals"),
    [
        ("ro-help-centres", "help_centers", {NEW: 127, LEFT_OUT: 1, REFUSED: 5}, {"county_other": 5}),
        ("ro-clinics", "medical-clinics", {NEW: 56}, {}),
        ("ro-police", "police-stations", {NEW: 180, REFUSED: 6}, {"county_other": 5, "position_outside": 1}),
    ],
)
async def test_romanian_positions_are_checked_by_the_county_however_it_is_spelt(
    located: Database,
    shared_data: Path,
    mapping: str,
    file: str,
    counts: dict[Status, int],
    refusals: dict[str, int],
) -> None:
    path = shared_data / f"ro-war-support/{file}.json"

    report = await import_into(located, path, mapping, "dry_run", countries=("PL", "RO"))

    assert dict(report.counts) == counts
    assert dict(report.refusals) == refusals
