"""The rule that makes one result of many reports: the order, the number of arrivals and the clocks change nothing."""

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from bench.histories import Counts, run
from wushe.practice.door_knock.merging import NOBODY, NOT_REACHED, REACHED, Sent, Verdict, standing, verdict


def sent(number: str, *after: str, outcome: str = REACHED, says: str = "") -> Sent:
    return Sent(number, frozenset(after), outcome, says or number)


def test_a_correction_counts_instead_of_what_it_corrects_in_any_order() -> None:
    story = [sent("a"), sent("b", "a"), sent("c", "b")]
    for order in permutations(story):
        assert (standing(order).state, standing(order).heads, standing(order).awaited) == (REACHED, ("c",), frozenset())
    late = standing(story[1:])
    assert (late.heads, late.awaited) == (("c",), {"a"})


def test_two_phones_that_say_different_things_are_a_conflict_until_a_person_settles_it() -> None:
    story = [sent("a"), sent("b", "a", says="x"), sent("c", "a", says="y")]
    for order in permutations(story):
        assert (standing(order).conflict, standing(order).heads) == (True, ("b", "c"))
    settled = standing([*story, sent("d", "b", "c", says="y")])
    assert (settled.conflict, settled.heads) == (False, ("d",))
    same = standing([sent("a"), sent("b", "a", says="x"), sent("c", "a", says="x")])
    assert (same.conflict, same.heads) == (False, ("b",))


def test_nobody_at_home_contradicts_nothing_and_is_counted() -> None:
    story = [sent("a", outcome=NOBODY), sent("b", outcome=NOBODY), sent("c")]
    for order in permutations(story):
        assert (standing(order).state, standing(order).attempts, standing(order).conflict) == (REACHED, 2, False)
    assert standing(story[:2]).state == NOBODY
    assert standing([]).state == "waiting"
    assert standing([sent("a"), sent("b", outcome=NOT_REACHED)]).conflict


def test_a_number_stands_for_one_report() -> None:
    known = {"a": sent("a")}
    assert verdict(known, sent("a")) is Verdict.REPEATED
    assert verdict(known, sent("a", says="other")) is Verdict.REUSED
    assert verdict(known, sent("b")) is Verdict.NEW


NAMES = "abcdef"
REPORTS = st.lists(
    st.builds(
        sent, st.sampled_from(NAMES), outcome=st.sampled_from([REACHED, NOBODY, NOT_REACHED]), says=st.sampled_from("xyz")
    ),
    max_size=6, unique_by=lambda one: one.client_id,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(REPORTS, st.data())
def test_every_order_gives_the_same(reports: list[Sent], data: st.DataObject) -> None:
    linked = []
    for place, one in enumerate(reports):
        after = data.draw(st.sets(st.sampled_from([r.client_id for r in reports[:place]]))) if place else set()
        linked.append(Sent(one.client_id, frozenset(after), one.outcome, one.digest))
    shuffled = data.draw(st.permutations(linked))
    assert standing(shuffled) == standing(linked) == standing([*shuffled, *linked])


def test_generated_histories_lose_nothing() -> None:
    counts = run(seed=7, histories=3000)
    assert (counts.histories, counts.lost, counts.different) == (3000, 0, 0)
    assert counts.conflicts > 100
    assert counts.reused > 100
    assert counts.repeated > 100


def test_the_generator_can_find_a_rule_that_loses() -> None:
    """Last one to arrive wins: the rule that the merging rule is there to replace."""
    counts: Counts = run(seed=7, histories=300, last_wins=True)
    assert counts.different > 0
