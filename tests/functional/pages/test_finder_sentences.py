"""What people type and send with Enter, or without script: whole sentences, in any language."""

import datetime as dt
import re
import zoneinfo
from typing import Final
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest

from app.areas.gazetteer_loading import load_gazetteer
from app.db import Database, session
from app.features.publishing import Provenance
from app.features.said_times import moments, said_time
from app.taxonomy.vocabulary import load_vocabulary
from tests.functional.conftest import Publish, aid_point
from tests.functional.country import import_country
from tests.functional.html_page import HtmlPage

WARSAW, CRACOW, GDANSK, KIELCE = "756135", "3094802", "3099434", "769250"


@pytest.fixture(autouse=True)
async def towns(database: Database) -> None:
    async with session(database) as s:
        await load_gazetteer(s, ("PL",))


SENTENCES: Final[dict[str, dict[str, str]]] = {
    "pomoc prawna": {"service": "legal_advice"},
    "Pomoc medyczna": {"service": "health"},
    "медична допомога": {"service": "health"},
    "юридическая помощь": {"service": "legal_advice"},
    "medizinische Hilfe": {"service": "health"},
    "ajutor alimentar": {"service": "food"},
    "pomoc prawna warszawa": {"service": "legal_advice", "place": WARSAW},
    "gdzie zjeść w Krakowie": {"service": "food", "place": CRACOW},
    "де поїсти у Варшаві": {"service": "hot_meals", "place": WARSAW},
    "jedzenie dla dzieci warszawa": {"service": "food", "audience": "children", "place": WARSAW},
    # Words for children and women stand in names of refuges, too; food is none.
    "їжа для дітей Варшава": {"service": "food", "audience": "children", "place": WARSAW},
    "food for children warsaw": {"service": "food", "audience": "children", "place": WARSAW},
    "Essen für Kinder Warschau": {"service": "food", "audience": "children", "place": WARSAW},
    "еда для женщин": {"service": "food", "audience": "women"},
    "mâncare pentru copii": {"service": "food", "audience": "children"},
    "Jedzenie Gdansk otwarte teraz": {"service": "food", "place": GDANSK, "open_at": "now"},
    "jedzenie za darmo w Kielcach": {"service": "food", "place": KIELCE, "access": "free"},
    "їжа без документів": {"service": "food", "access": "no_documents"},
    # A town that is begun, where the rest is help.
    "їжа варш": {"service": "food", "place": WARSAW},
    "szukam noclegu w Kielcach": {"service": "accommodation", "place": KIELCE},
    "open now Kielce": {"place": KIELCE, "open_at": "now"},
    "bez dokumentów Kielce": {"place": KIELCE, "access": "no_documents"},
    "pomoc dla seniorów": {"audience": "seniors"},
    # What the help is like is no town, though one is called so.
    "nowe ubrania": {"service": "clothing"},
    "Nowe ubrania Kielce": {"service": "clothing", "place": KIELCE},
    # For whom is a part of the name.
    "schronisko dla bezdomnych mężczyzn Kielce": {
        "service": "homeless_shelter",
        "q": "mężczyzn",
        "as": "text",
        "place": KIELCE,
    },
    "gdzie zjeść ciepły posiłek w Krakowie": {"service": "hot_meals", "place": CRACOW},
    "free lawyer in Krakow": {"service": "legal_advice", "access": "free", "place": CRACOW},
    "ищу приют для женщин": {"service": "violence_shelter"},
    "нужен приют для женщин Краков": {"service": "violence_shelter", "place": CRACOW},
    "family doctor near me": {"service": "primary_care"},
    "I want to find my family": {"service": "missing_persons"},
}
#: Sentences with more than is understood: what is asked for, and what is said to be left out where nothing is found.
IN_PART: Final[dict[str, tuple[dict[str, str], str]]] = {
    "jedzenie w sobotę Warszawa": ({"service": "food", "place": WARSAW}, "@w sobotę"),
    "jedzenie dziś wieczorem Kraków": ({"service": "food", "place": CRACOW}, "@dziś wieczorem"),
    "їжа для дітей завтра ввечері у Варшаві": ({"service": "food", "place": WARSAW}, "@завтра ввечері,children"),
    "jedzenie dla psa w niedzielę Warszawa": ({"service": "food", "place": WARSAW}, "@w niedzielę,~psa"),
    "potrzebuję jedzenia dla 3 osób w Krakowie online": ({"service": "food", "place": CRACOW}, "online,~3 osób"),
    "ubrania dla niemowlaka baby Kraków": ({"service": "clothing", "place": CRACOW}, "~niemowlaka baby"),
    "psycholog w Krakowie po ukraińsku": ({"service": "psychological_support", "place": CRACOW}, "uk"),
    "психолог Варшава українською": ({"service": "psychological_support", "place": WARSAW}, "uk"),
    "безкоштовний юрист українською Краків": ({"service": "legal_advice", "place": CRACOW}, "free,uk"),
    "free lawyer speaking Ukrainian in Krakow": ({"service": "legal_advice", "place": CRACOW}, "free,uk"),
    "gdzie dostanę ubrania dla niemowlaka w Krakowie": ({"service": "clothing", "place": CRACOW}, "~dostanę niemowlaka"),
    # A number beside a town is none of its name.
    "jedzenie kraków 987": ({"service": "food", "place": CRACOW}, "~987"),
    "98-765 Kraków jedzenie": ({"service": "food", "place": CRACOW}, "~98 765"),
    "їжа Варшава 987": ({"service": "food", "place": WARSAW}, "~987"),
    # A large town that is misspelt.
    "їжа Варшва": ({"service": "food", "place": WARSAW}, ""),
    "jedzenie warszwa": ({"service": "food", "place": WARSAW}, ""),
    # Words of a refuge stay words, in their town.
    "nocleg dla kobiet Kielce": ({"q": "nocleg dla kobiet", "place": KIELCE}, ""),
    "нічліг Краків для жінок": ({"q": "нічліг для жінок", "place": CRACOW}, ""),
}  # fmt: skip
#: What has a word of its own is looked for as it is.
AS_TYPED: Final = ("Fundacja Ziarnko Pieprzu", "Kuchnia Pod Kasztanem dla dzieci", "kuchnia nowa")


async def test_every_word_is_help_a_town_or_a_condition(client: httpx2.AsyncClient) -> None:
    for typed, meant in SENTENCES.items():
        answer = await client.get("/pl/", params={"q": typed})
        assert answer.status_code == 302, typed
        asked = dict(parse_qsl(urlsplit(answer.headers["location"]).query))
        assert asked.keys() == meant.keys(), (typed, asked)
        # A word may be that of several services.
        assert meant.pop("service", "") in asked.pop("service", "").split(","), (typed, asked)
        assert asked.pop("place", "").rpartition(":")[2] == meant.pop("place", ""), typed
        assert asked == meant, typed
    for typed in AS_TYPED:
        assert (await client.get("/pl/", params={"q": typed})).status_code == 200, typed


async def test_what_is_not_understood_takes_neither_the_town_nor_the_help_away(
    client: httpx2.AsyncClient, publish: Publish
) -> None:
    for at in ({"lng": 21.01, "lat": 52.23}, {"lng": 19.94, "lat": 50.06}):
        kinds = ("hot_meals", "psychological_support", "legal_advice", "clothing")
        await publish(aid_point("Stół", services=[{"type": kind} for kind in kinds], place={"position": at}))
    for typed, (meant, left_out) in IN_PART.items():
        answer = await client.get("/pl/", params={"q": typed})
        assert answer.status_code == 302, typed
        asked = dict(parse_qsl(urlsplit(answer.headers["location"]).query))
        assert asked.pop("left_out", "") == left_out, (typed, asked)
        assert meant.get("service", "") in asked.pop("service", "").split(","), (typed, asked)
        assert asked.pop("place", "").rpartition(":")[2] == meant["place"], (typed, asked)
        assert asked == ({"q": meant["q"]} if "q" in meant else {}), typed
        page = await client.get(answer.headers["location"])
        assert page.status_code == 200, "it leads to a page, and no further"
    shown = (await client.get("/pl/?q=jedzenie+w+sobotę+Warszawa", follow_redirects=True)).text
    assert "Nic tutaj nie jest o tej porze na pewno otwarte: „w sobotę”" in shown
    # Where the words are found, they are asked for.
    await publish(aid_point("Kuchnia Brata Alberta", services=[{"type": "hot_meals"}], place=WARSAW_CENTRE))
    answer = await client.get("/pl/", params={"q": "jedzenie Brata Alberta Warszawa"})
    asked = dict(parse_qsl(urlsplit(answer.headers["location"]).query))
    assert asked == {"service": "food", "place": f"geonames:{WARSAW}", "q": "Brata Alberta", "as": "text"}
    assert "Kuchnia Brata Alberta" in (await client.get(answer.headers["location"])).text


WARSAW_CENTRE: Final = {"position": {"lng": 21.01, "lat": 52.23}}


async def test_what_was_merely_said_prefers_and_excludes_nobody(
    client: httpx2.AsyncClient, publish: Publish
) -> None:
    def meals(name: str, **conditions: object) -> dict[str, object]:
        services = [{"type": "hot_meals"} | conditions]
        return aid_point(name, services=services, place=WARSAW_CENTRE)

    async def asked(words: str, also: str = "") -> tuple[dict[str, str], str]:
        answer = await client.get(f"/pl/?q={words}{also}")
        assert answer.status_code == 302
        address = answer.headers["location"]
        return dict(parse_qsl(urlsplit(address).query)), (await client.get(address)).text

    await publish(meals("Stołówka"))
    question, page = await asked("jedzenie+dla+dzieci+za+darmo+warszawa")
    in_warsaw = {"service": "food", "place": f"geonames:{WARSAW}"}
    assert question == in_warsaw | {"left_out": "children,free"}
    assert "Stołówka" in page
    assert "Żadne miejsce tutaj nie podaje: Dzieci, Bezpłatnie" in page
    # It is said once, and forgotten with the next change; no engine is to find it.
    assert 'name="left_out"' not in page
    assert "left_out" not in re.findall(r'<a class="tag" href="([^"]*)"', page)[0]
    assert "left_out" not in re.findall(r'<link rel="canonical" href="([^"]*)"', page)[0]
    # What was ticked before is no mere word, and what finds something stays; fewer places lead to more.
    question, _ = await asked("jedzenie+dla+dzieci+warszawa", "&audience=seniors")
    assert question == in_warsaw | {"audience": "children,seniors"}
    await publish(meals("Kuchnia", audience_mode="preferred", audiences=["children"]))
    question, page = await asked("jedzenie+dla+dzieci+warszawa")
    assert question == in_warsaw | {"audience": "children"}
    assert "Stołówka" not in page
    assert "Bez filtra: Dzieci" in page
    assert "Pokaż 2 miejsca" in page
    # A code that is none says nothing.
    assert (await client.get("/pl/?left_out=nobody&service=food")).status_code == 200


async def test_a_day_in_words_is_the_filter_where_something_is_open_then(
    client: httpx2.AsyncClient, publish: Publish
) -> None:
    there = {"position": {"lng": 21.01, "lat": 52.23}}
    always = {"services": [{"type": "hot_meals"}], "place": there}
    await publish(aid_point("Zawsze", hours="24/7", **always), aid_point("Nigdy", hours="off", **always))

    async def asked(typed: str, more: str = "") -> dict[str, str]:
        answer = await client.get(f"/pl/?q={typed}{more}")
        return dict(parse_qsl(urlsplit(answer.headers["location"]).query))

    zone = zoneinfo.ZoneInfo("Europe/Warsaw")
    for typed in (
        "jedzenie w sobotę Warszawa",
        "їжа в суботу Варшава",
        "food saturday 6 pm in Warsaw",
        "їжа у вихідні Варшава",
        "jedzenie o szóstej Warszawa",
        f"food on {dt.datetime.now(zone) + dt.timedelta(days=2):%d %B} in Warsaw",
        "jedzenie jutro Warszawa",
    ):
        time = said_time(typed, today=dt.datetime.now(zone).date())
        assert time
        # It may be another day meanwhile.
        may_be = {moments(time, dt.datetime.now(zone))[0]}
        found = await asked(typed)
        may_be.add(moments(time, dt.datetime.now(zone))[0])
        assert found.pop("open_at") in may_be
        assert found == {"service": "food", "place": f"geonames:{WARSAW}"}
    # What was chosen before is another time; it is a filter as others are, and can be taken away.
    found = await asked("jedzenie jutro Warszawa", "&open_at=now")
    assert found["open_at"] in may_be
    page = HtmlPage((await client.get("/pl/?q=jedzenie+jutro+Warszawa", follow_redirects=True)).text)
    assert any("Otwarte" in tag.text for tag in page.all("a", class_="tag"))
    assert await asked("teraz otwarte") == {"open_at": "now"}
    # Who says when is not after a name: help is enough, though nobody knows what the rest is.
    found = await asked("polish food for my xyzzy tomorrow")
    assert (found["service"], found["left_out"]) == ("food", "~polish xyzzy")
    # Nobody is open in the middle of a place that is never open: it is said.
    await publish(aid_point("Krawiec", hours="off", services=[{"type": "clothing"}], place=there))
    found = await asked("ubrania jutro Warszawa")
    assert (found.get("open_at"), found["left_out"]) == (None, "@jutro")
    shown = (await client.get("/pl/?q=ubrania+jutro+Warszawa", follow_redirects=True)).text
    assert "Nic tutaj nie jest o tej porze na pewno otwarte: „jutro”" in shown
    # The page says which day of a weekend it is, where nothing else of it is open.
    await publish(aid_point("Pralnia", hours="Su 00:00-24:00", services=[{"type": "laundry"}], place=there))
    page = HtmlPage((await client.get("/uk/?q=прання+у+вихідні+Варшава", follow_redirects=True)).text)
    assert any(
        re.match(r"Відчинено в неділю, [0-9]+\s\w+, о 12:00|Відчинено сьогодні о 1", tag.text)
        for tag in page.all("a", class_="tag")
    )
    # A name of a day alone may be one of anything.
    assert (await client.get("/pl/?q=sobota")).status_code == 200


async def test_words_of_a_refuge_never_lead_to_what_may_be_kept(client: httpx2.AsyncClient) -> None:
    for typed in (
        "schronisko dla kobiet", "приют для женщин", "притулок для жінок", "women shelter", "Notunterkunft für Frauen",
        "adăpost pentru femei", "нічліг для жінок", "nocleg dla kobiet", "a place to sleep for women",
    ):  # fmt: skip
        answer = await client.get("/pl/", params={"q": typed}, follow_redirects=True)
        assert answer.status_code == 200, typed
        assert answer.headers.get("x-keep") != "yes", typed
    # Organisations have no help of their own.
    answer = await client.get("/pl/?layer=organisations&q=jedzenie+dla+dzieci")
    assert answer.status_code == 200


async def test_what_is_chosen_already_stays(client: httpx2.AsyncClient, publish: Publish) -> None:
    await publish(aid_point())
    answer = await client.get("/pl/?q=jedzenie+dla+dzieci&language=uk&audience=women&open_at=now")
    asked = dict(parse_qsl(urlsplit(answer.headers["location"]).query))
    assert asked == {"service": "food", "audience": "children,women", "language": "uk", "open_at": "now"}


async def test_nothing_found_leads_to_what_may_have_been_meant(
    client: httpx2.AsyncClient, publish: Publish
) -> None:
    there = {"position": {"lng": 21.01, "lat": 52.23}}
    await publish(
        aid_point("Gabinet", services=[{"type": "dental_care"}], place=there, access=["by_phone"]),
        aid_point("Lekarz", services=[{"type": "primary_care"}], place=there),
    )
    name = {"texts": {"pl": "Fundacja Ziarnko Pieprzu"}, "source": "pl"}
    await publish({"name": name}, layer="organisations")
    page = (await client.get("/en/", params={"q": "lekaż"})).text
    assert f"Did you mean {load_vocabulary().services['primary_care'].names['en']}?" in page
    page = (await client.get("/pl/", params={"q": "Fundacja Ziarnko Pieprzu"})).text
    assert "layer=organisations&amp;q=Fundacja%20Ziarnko%20Pieprzu" in page
    # Of two filters and a place none can be left out alone.
    kielce = f"/en/?service=dental_care&place=geonames:{KIELCE}&access=step_free&audience=women"
    page = (await client.get(kielce)).text
    assert "Dentist in the whole country, without other filters" in page


async def test_a_unit_is_named_with_what_it_is(client: httpx2.AsyncClient, database: Database) -> None:
    await import_country(database)
    for typed, code in {
        "gmina Górno": "PL-2604042",
        "województwo świętokrzyskie": "PL-26",
    }.items():
        answer = await client.get("/pl/", params={"q": typed})
        assert answer.status_code == 302, typed
        assert dict(parse_qsl(urlsplit(answer.headers["location"]).query)) == {"area": code}, typed


async def test_what_is_called_so_comes_before_what_has_the_words_somewhere(
    client: httpx2.AsyncClient, publish: Publish
) -> None:
    today = dt.datetime.now(dt.UTC)
    checked = Provenance(verified_at=today, verified_how="phone")
    said = {"texts": {"pl": "Obok: Centrum Dwa Krzesła, wejście od podwórza."}, "source": "pl"}
    await publish(aid_point("Szafa", description=said), provenance=checked)
    before = Provenance(verified_at=today - dt.timedelta(days=90), verified_how="phone")
    await publish(aid_point("Centrum Dwa Krzesła"), provenance=before)
    page = HtmlPage((await client.get("/pl/?q=centrum+dwa+krzesla")).text)
    assert [row.text for row in page.all("h2") if "Szafa" in row.text or "Krzesła" in row.text] == [
        "Centrum Dwa Krzesła",
        "Szafa",
    ]
    page = HtmlPage((await client.get("/pl/?q=centrum+dwa+krzesla&sort=checked")).text)
    assert next(row.text for row in page.all("h2") if "Szafa" in row.text or "Krzesła" in row.text) == "Szafa"
