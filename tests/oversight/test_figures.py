"""Figures: numerator over denominator, adding up over areas, each figure opening exactly its rows."""

from datetime import timedelta

import pytest

from tests.factories import needs, people, visits
from tests.factories.cast import World, actor_of, world
from tests.factories.places import NEXT_COMMUNITY, NOON, OTHER_STREET, STREET, TODAY
from tests.oversight.world import counted, settled_chain
from wushe.chain.needs.services import close_need
from wushe.chain.projects.models import Project
from wushe.foundation.actor import SYSTEM
from wushe.foundation.errors import NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.oversight.indicators import BY_CODE
from wushe.oversight.models import IndicatorValue
from wushe.oversight.periods import MONTH, QUARTER
from wushe.oversight.selectors.figures import Figure, course, figure_rows, figures, table
from wushe.oversight.selectors.places import place
from wushe.oversight.selectors.societies import scene_needs, scenes, societies, society_rows
from wushe.oversight.services import log_export, refresh_indicators

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def figure_of(code: str, *, who: str = "district_manager", area: str = "511602") -> Figure:
    found = figures(actor=actor_of(who), area_code=area, as_of=TODAY)
    return next(one for one in found if one.indicator.code == code)


def test_a_chain_from_need_to_check_is_counted(here: World) -> None:
    settled_chain(here)
    needs.recorded(here.daughter)
    counted()
    assert (figure_of("needs_recorded").numerator, figure_of("visits_made").numerator) == (2, 1)
    met = figure_of("needs_met")
    assert (met.numerator, met.denominator, met.rate) == (1, 2, 50.0)
    assert figure_of("people_served").numerator == 1
    assert figure_of("service_minutes").numerator == here.elder.orders.get().minutes
    assert (figure_of("visits_passed").numerator, figure_of("visits_passed").denominator) == (1, 1)


def test_a_rate_with_nothing_below_is_no_rate(here: World) -> None:
    counted()
    assert figure_of("calls_satisfied").rate is None


def test_a_rate_of_a_street_is_the_sum_over_its_communities_not_the_mean_of_rates(here: World) -> None:
    settled_chain(here)  # community 1: one need, met
    for _ in range(3):  # community 2: three needs, none met; the mean of rates would be 50 %
        needs.recorded(here.daughter)
    counted()
    inside = table(actor=actor_of("street_manager"), area_code=STREET, as_of=TODAY, column="community_code")
    assert [inside[code]["needs_met"].rate for code in sorted(inside) if "needs_met" in inside[code]][:2] == [
        100.0,
        0.0,
    ]
    whole = figure_of("needs_met", who="street_manager", area=STREET)
    assert (whole.numerator, whole.denominator, whole.rate) == (1, 4, 25.0)


def test_streets_add_up_to_the_district(here: World) -> None:
    needs.recorded(here.elder)
    needs.recorded(here.far_elder)
    counted()
    parts = [figure_of("needs_recorded", area=street).numerator for street in (STREET, OTHER_STREET)]
    assert parts == [1, 1]
    assert figure_of("needs_recorded").numerator == 2


def test_the_figure_opens_as_many_rows_as_it_says(here: World) -> None:
    settled_chain(here)
    needs.recorded(here.daughter)
    counted()
    for code in BY_CODE:
        figure = figure_of(code)
        rows = figure_rows(actor=actor_of("district_manager"), code=code, area_code="511602", at=NOON)
        expected = sum(getattr(row, BY_CODE[code].add) for row in rows) if BY_CODE[code].add else rows.count()
        assert expected == figure.numerator, code
        if BY_CODE[code].is_rate:
            below = figure_rows(
                actor=actor_of("district_manager"), code=code, area_code="511602", at=NOON, part="denominator"
            )
            assert below.count() == figure.denominator, code


def test_thirty_days_end_with_the_day(here: World) -> None:
    needs.recorded(here.elder, at=NOON - timedelta(days=29))
    needs.recorded(here.elder, at=NOON - timedelta(days=30))
    counted()
    assert figure_of("needs_recorded").numerator == 1
    quarter = figures(actor=actor_of("district_manager"), area_code="511602", as_of=TODAY, period=QUARTER)
    assert next(one for one in quarter if one.indicator.code == "needs_recorded").numerator == 2


def test_counting_twice_gives_the_same(here: World) -> None:
    needs.recorded(here.elder)
    counted()
    first = IndicatorValue.objects.count()
    counted()
    assert IndicatorValue.objects.count() == first
    assert figure_of("needs_recorded").numerator == 1


def test_the_latest_count_up_to_the_day_is_shown(here: World) -> None:
    counted(TODAY - timedelta(days=5))
    needs.recorded(here.elder)
    assert figure_of("needs_recorded").numerator == 0
    counted()
    assert figure_of("needs_recorded").numerator == 1


def test_only_who_may_refresh_counts(here: World) -> None:
    with pytest.raises(NotAllowed):
        refresh_indicators(actor=actor_of("district_manager"), at=NOON, as_of=TODAY)
    assert not IndicatorValue.objects.exists()
    assert refresh_indicators(actor=SYSTEM, at=NOON, as_of=TODAY) > 0


def test_a_course_has_one_value_for_each_day_and_adds_up(here: World) -> None:
    needs.recorded(here.elder)
    needs.recorded(here.elder, at=NOON - timedelta(days=3))
    found = course(actor=actor_of("district_manager"), code="needs_recorded", area_code="511602", until=TODAY)
    assert len(found) == MONTH.days
    assert [n for day, n in found if n] == [1, 1]
    assert found[-1] == (TODAY, 1)
    weeks = course(
        actor=actor_of("district_manager"), code="needs_recorded", area_code="511602", until=TODAY, period=QUARTER
    )
    assert (len(weeks), sum(n for _, n in weeks)) == (13, 2)


def test_a_day_of_the_course_opens_its_rows(here: World) -> None:
    need = needs.recorded(here.elder, at=NOON - timedelta(days=3))
    needs.recorded(here.elder)
    rows = figure_rows(
        actor=actor_of("district_manager"), code="needs_recorded", area_code="511602", at=NOON,
        on=TODAY - timedelta(days=3),
    )  # fmt: skip
    assert [row.pk for row in rows] == [need.pk]


def test_a_stock_has_no_course(here: World) -> None:
    with pytest.raises(NotFound):
        course(actor=actor_of("district_manager"), code="residents", area_code="511602", until=TODAY)


def test_a_stranger_sees_no_figure_of_the_other_street(here: World) -> None:
    needs.recorded(here.elder)
    counted()
    assert figure_of("needs_recorded", who="stranger", area=STREET).numerator == 0
    rows = figure_rows(actor=actor_of("stranger"), code="needs_recorded", area_code=STREET, at=NOON)
    assert not rows.exists()
    with pytest.raises(NotFound):
        place(actor=actor_of("stranger"), area_code=STREET, on=TODAY)


def test_a_place_knows_its_way_and_what_is_inside(here: World) -> None:
    found = place(actor=actor_of("district_manager"), area_code=STREET, on=TODAY)
    assert [one.area_code for one in found.way] == ["511602", STREET]
    assert found.column == "community_code"
    assert place(actor=actor_of("community_worker"), area_code="", on=TODAY).inside == []
    with pytest.raises(NotFound):
        place(actor=actor_of("district_manager"), area_code="511602099", on=TODAY)


def test_the_five_societies_are_counted_from_the_registers(here: World) -> None:
    needs.resource(here.charity)
    found = {
        str(one.kind.code): one.count for one in societies(actor=actor_of("street_manager"), area_code=STREET, at=NOON)
    }
    assert found["volunteer"] == 1
    assert found["organisation"] == 2, "the charity is not a social organisation"
    assert found["charity"] == 1
    rows = society_rows(actor=actor_of("street_manager"), code="volunteer", area_code=STREET, at=NOON)
    assert [row.pk for row in rows] == [here.volunteer.pk]
    with pytest.raises(NotFound):
        society_rows(actor=actor_of("street_manager"), code="sixth", area_code=STREET, at=NOON)


def test_scenes_count_needs_and_projects(here: World) -> None:
    need = needs.recorded(here.elder, scene="hardship")
    needs.recorded(here.elder)
    Project.objects.create(title="帮困", area_code=STREET, scene="hardship")
    found = scenes(actor=actor_of("district_manager"), area_code="511602", until=TODAY)
    assert [(one.code, one.needs, one.met, one.projects) for one in found] == [("hardship", 1, 0, 1), ("", 1, 0, 0)]
    rows = scene_needs(actor=actor_of("district_manager"), area_code="511602", until=TODAY, scene="hardship")
    assert [row.pk for row in rows] == [need.pk]


def test_a_need_closed_is_recorded_but_not_met(here: World) -> None:
    need = needs.recorded(here.elder)
    close_need(actor=actor_of("social_worker"), at=NOON, need_id=need.pk, reason="家属已办")
    counted()
    assert (figure_of("needs_met").numerator, figure_of("needs_met").denominator) == (0, 1)


def test_residents_who_moved_are_not_counted(here: World) -> None:
    people.person("搬走的人", area_code=NEXT_COMMUNITY, moved_out_on=TODAY)
    before = figure_of("residents").numerator
    counted()
    assert before == 0
    rows = figure_rows(actor=actor_of("district_manager"), code="residents", area_code="511602", at=NOON)
    assert "搬走的人" not in {row.name for row in rows}
    assert figure_of("residents").numerator == rows.count()


def test_an_export_is_journalled(here: World) -> None:
    log_export(actor=actor_of("street_manager"), at=NOON, what="break:needs_untriaged", area_code=STREET, rows=7)
    entry = JournalEntry.objects.get(kind="list.export")
    assert (entry.area_code, entry.data) == (STREET, {"what": "break:needs_untriaged", "rows": 7})


def test_visits_rejected_do_not_count_as_made(here: World) -> None:
    from wushe.chain.verification.services import reject_visit

    visit = visits.ended(visits.planned(here.elder, here.carer), evidence=True)
    visits.checked(visit)
    reject_visit(actor=actor_of("verifier"), at=NOON + timedelta(hours=5), visit_id=visit.pk, reason="没有上门")
    counted()
    assert figure_of("visits_made").numerator == 0
    assert (figure_of("visits_passed").numerator, figure_of("visits_passed").denominator) == (0, 1)
