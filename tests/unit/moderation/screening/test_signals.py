"""A score is what its signals say, and no more than a hundred."""

from hypothesis import given
from hypothesis import strategies as st

from app.moderation.screening.signals import HIGHEST, Signal, screening_of

SIGNALS = st.lists(st.builds(Signal, st.sampled_from(["a", "b", "c"]), st.integers(1, 60)), max_size=9)


def test_nothing_found_is_no_score() -> None:
    assert screening_of([]).score == 0


@given(SIGNALS, st.randoms(use_true_random=False))
def test_a_score_is_the_capped_sum_whatever_the_order(signals: list[Signal], random: object) -> None:
    shuffled = list(signals)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    screening = screening_of(shuffled)
    assert screening == screening_of(signals)
    assert screening.score == min(HIGHEST, sum(signal.points for signal in signals))
    assert [signal.points for signal in screening.reasons] == sorted(
        (signal.points for signal in signals), reverse=True
    )


@given(SIGNALS, st.integers(1, 60))
def test_one_more_signal_never_makes_it_less(signals: list[Signal], points: int) -> None:
    assert screening_of([*signals, Signal("d", points)]).score >= screening_of(signals).score
