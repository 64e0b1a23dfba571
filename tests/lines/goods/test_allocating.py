"""The fair rule: one household one share, who had none first, then points, then age; each yes and no has its reason."""

from datetime import date, timedelta

import pytest

from tests.factories import goods, people
from tests.factories.cast import actor_of, world
from tests.factories.places import COMMUNITY, NOON, TODAY
from wushe.foundation.errors import Conflict, Invalid
from wushe.lines.goods import handing
from wushe.lines.goods.allocating import ListChanged, Plan, allocate, digest_of, in_line, rule_in_words
from wushe.lines.goods.models import Distribution, Handout

pytestmark = pytest.mark.django_db


def plan(shelf: object, *, each: int = 2, categories: tuple[str, ...] = ("tekun", "dibao", "living_alone")) -> Plan:
    return Plan(shelf, COMMUNITY, categories, True, each, TODAY)  # type: ignore[arg-type]


def confirm(made: Plan, seen: str, **fields: object) -> Distribution:
    return allocate(
        actor=actor_of("social_worker"), at=NOON, shelf_id=made.shelf.pk, area_code=made.area_code,
        categories=made.categories, with_needs=made.with_needs, each=made.each, title="中秋慰问", seen=seen, **fields,  # type: ignore[arg-type]
    )  # fmt: skip


def test_the_line_its_reasons_and_its_confirmation() -> None:
    world()  # 王桂芳, 1944, living alone
    soon, late = goods.stocked(3, expires_on=TODAY + timedelta(days=9)), goods.stocked(4, expires_on=date(2027, 9, 1))
    alone = people.person("周大爷", born_on=date(1950, 1, 1), tags=("living_alone",))
    needy = people.person("吴婆婆", born_on=date(1960, 1, 1), tags=("tekun",))
    mate = people.person("吴爷爷", born_on=date(1955, 1, 1), tags=("dibao", "tekun"), home=needy.household)
    had = people.person("郑大娘", born_on=date(1940, 1, 1), tags=("tekun", "dibao"))
    people.person("别处的人", area_code="511602001002", tags=("tekun",))
    goods.handed(goods.stocked(1, expires_on=TODAY), had)
    shelf, actor = goods.shelf_of(soon), actor_of("social_worker")
    line = in_line(plan(shelf), actor)
    assert [(one.recipient.name, one.points, one.quantity) for one in line] == [
        ("吴爷爷", 70, 2), ("王桂芳", 10, 2), ("周大爷", 10, 2), ("郑大娘", 70, 0),
    ]  # fmt: skip
    assert line[0].why == f"特困人员40分、最低生活保障30分，共70分；没有领过这种物资；第1位，从{soon.number}发放。"
    assert line[1].batches == [soon.number, late.number]
    assert line[3].why == (
        "特困人员40分、最低生活保障30分，共70分；上次领过是2026年9月14日，排在近期没领过的后面；第4位，排到时已经发完。"
    )
    assert rule_in_words(plan(shelf)) == (
        "每户一份，每份2桶；180天内没有领过同样物资的户在前；再按困难类别的分数从高到低，有待满足的需求加15分；"
        "分数相同的，年长者在前。先到期的先发，过期的不发。"
    )

    seen = digest_of(line)
    extra = goods.promised(soon)
    with pytest.raises(ListChanged):
        confirm(plan(shelf), seen)
    assert Distribution.objects.count() == 0
    handing.withdraw(actor=actor, at=NOON, handout_id=extra.pk, reason="误点")
    made, again = (confirm(plan(shelf), seen, client_key="once") for _ in range(2))
    assert (made.pk, made.passed_over, made.handouts.count()) == (again.pk, 1, 3)
    assert goods.numbers(shelf)[:2] == (1, 6)
    assert [one.recipient_id for one in made.handouts.order_by("rank")] == [mate.pk, line[1].recipient.pk, alone.pk]


def test_a_senseless_plan_is_refused_beside_its_field() -> None:
    world()
    shelf, actor = goods.shelf_of(goods.stocked(1)), actor_of("social_worker")
    for wrong, field in (
        (Plan(shelf, "511602002", ("tekun",), False, 1, TODAY), "area_code"),
        (Plan(shelf, COMMUNITY, ("party_member",), False, 1, TODAY), "categories"),
        (Plan(shelf, COMMUNITY, (), False, 1, TODAY), "categories"),
        (Plan(shelf, COMMUNITY, ("tekun",), False, 0, TODAY), "each"),
    ):
        with pytest.raises(Invalid) as refusal:
            in_line(wrong, actor)
        assert list(refusal.value.fields) == [field]
    empty = plan(shelf, each=5)
    with pytest.raises(Conflict, match="库存不够一份"):
        confirm(empty, digest_of(in_line(empty, actor)))
    assert Handout.objects.count() == 0
