import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from app.features.day_plan import Candidate, Plan, plan
from geo.bbox import Position
from geo.distance import distance_m, walking_minutes

START, STAY = 540, 30
HOME = Position(20.63, 50.87)


def at(need: int, place: str, east_m: float, *openings: tuple[int, int]) -> Candidate:
    # At this latitude a degree of longitude is about 70,200 m.
    return Candidate(need, place, Position(HOME.lng + east_m / 70_200, HOME.lat), openings or ((0, 1440),))


def places(made: Plan) -> list[str]:
    return [visit.candidate.place for visit in made.visits]


def test_the_way_is_short_where_all_is_open() -> None:
    made = plan(HOME, 2, [at(0, "far", 1000), at(1, "near", 500)], start=START, stay=STAY)
    assert places(made) == ["near", "far"]
    assert [visit.arrives for visit in made.visits] == [START + 9, START + 9 + STAY + 9]
    assert made.unmet == ()


def test_what_closes_first_is_first() -> None:
    soon = at(0, "closes", 1000, (480, START + 17 + STAY))
    assert places(plan(HOME, 2, [soon, at(1, "near", 500)], start=START, stay=STAY)) == ["closes", "near"]


def test_waiting_at_a_door_is_shown() -> None:
    (visit,) = plan(HOME, 1, [at(0, "late", 500, (720, 900))], start=START, stay=STAY).visits
    assert (visit.arrives, visit.begins, visit.ends) == (START + 9, 720, 750)


def test_a_stay_does_not_reach_over_a_break() -> None:
    (visit,) = plan(HOME, 1, [at(0, "break", 500, (540, 570), (600, 700))], start=START, stay=STAY).visits
    assert visit.begins == 600


def test_a_need_that_cannot_be_met_is_named_and_the_others_are_met() -> None:
    made = plan(HOME, 3, [at(0, "gone", 500, (0, 500)), at(2, "open", 500)], start=START, stay=STAY)
    assert places(made) == ["open"]
    assert made.unmet == (0, 1)


def test_two_needs_at_one_place_are_one_way() -> None:
    made = plan(HOME, 2, [at(0, "both", 900), at(1, "both", 900), at(1, "near", 850)], start=START, stay=STAY)
    assert places(made) == ["both", "both"]
    assert made.visits[1].walk == 0


def test_of_two_days_that_end_together_the_one_with_less_walking() -> None:
    # The far one opens late as the near one does: nothing is gained by walking.
    candidates = [at(0, "west", -900, (720, 900)), at(0, "near", 100, (720, 900)), at(1, "home", 50)]
    made = plan(HOME, 2, candidates, start=START, stay=STAY)
    assert places(made) == ["home", "near"]


def test_no_candidates_no_visits() -> None:
    assert plan(HOME, 2, [], start=START, stay=STAY) == Plan((), (0, 1))


@st.composite
def days(draw: st.DrawFn) -> tuple[int, list[Candidate]]:
    needs = draw(st.integers(1, 4))
    candidates = []
    for need in range(needs):
        for number in range(draw(st.integers(0, 3))):
            edges = sorted(draw(st.sets(st.integers(500, 1000), min_size=2, max_size=4)))
            openings = tuple((edges[i], edges[i + 1]) for i in range(0, len(edges) - 1, 2))
            place = draw(st.sampled_from([f"{need}-{number}", "shared"]))
            east = 700.0 if place == "shared" else draw(st.integers(-3000, 3000))
            candidates.append(at(need, place, east, *openings))
    return needs, candidates


def by_hand(needs: int, candidates: list[Candidate], start: int, stay: int) -> tuple[int, int, int]:
    """The best of every choice in every order: needs met (negative), end, walk."""
    best = (0, start, 0)
    for number in range(1, needs + 1):
        for order in itertools.permutations(range(needs), number):
            for choice in itertools.product(*([c for c in candidates if c.need == need] for need in order)):
                now, walked, here, place = start, 0, HOME, ""
                for candidate in choice:
                    there = candidate.position
                    walk = walking_minutes(distance_m(here.lng, here.lat, there.lng, there.lat))
                    walk = 0 if place == candidate.place else walk
                    fits = [
                        max(now + walk, since)
                        for since, until in candidate.openings
                        if max(now + walk, since) + stay <= until
                    ]
                    if not fits:
                        break
                    now, walked, here, place = fits[0] + stay, walked + walk, there, candidate.place
                else:
                    best = min(best, (-number, now, walked))
    return best


@settings(max_examples=300, deadline=None)
@given(days())
def test_no_other_choice_or_order_is_better(day: tuple[int, list[Candidate]]) -> None:
    needs, candidates = day
    made = plan(HOME, needs, candidates, start=START, stay=STAY)
    ends = made.visits[-1].ends if made.visits else START
    assert (-len(made.visits), ends, made.walk) == by_hand(needs, candidates, START, STAY)
    assert {v.candidate.need for v in made.visits} | set(made.unmet) == set(range(needs))
    for visit in made.visits:
        assert any(a <= visit.begins and visit.ends <= b for a, b in visit.candidate.openings)
