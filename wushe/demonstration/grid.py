"""Grid cases of the first street at every step; all is invented."""

from dataclasses import replace
from datetime import timedelta

from wushe.practice.grid.collecting import collect_case, file_case, send_case
from wushe.practice.grid.handling import check_case, evaluate_case, extend_case, hang_case, report_case
from wushe.practice.grid.models import GridCase

from .history import Cast
from .source import World

STEPS = ("collect", "file", "send", "report", "fail", "close", "evaluate", "hang")
CASES = [
    ("environment", "楼道里堆着旧家具", "2栋1单元", 8), ("safety", "电动车飞线充电", "4栋楼下", 7),
    ("facility", "院坝路灯不亮", "健身角", 6), ("order", "消防通道停了车", "小区北门", 5),
    ("dispute", "楼上漏水两家吵起来", "6栋3单元", 4), ("environment", "垃圾没有及时清", "菜市场门口", 3),
    ("facility", "井盖松动", "东街口", 2), ("safety", "外墙瓷砖要掉", "1栋山墙", 1),
]  # fmt: skip


def load_grid_cases(world: World, cast: Cast) -> int:
    """Take one case to each step; return how many there are."""
    street = min(cast.community)
    desk = replace(cast.community[street], area_code=street)
    # Another account looks at the place, and a third decides.
    checker = replace(desk, user_id=(desk.user_id or 0) + 1_000_000, name="何网格员")
    decider = replace(desk, user_id=(desk.user_id or 0) + 2_000_000, name="街道分管领导", role_code="street_manager")
    place = next(one.area_code[:12] for one in world.elders if one.area_code.startswith(street))
    for (kind, words, spot, back), last in zip(CASES, reversed(STEPS), strict=True):
        at = world.now - timedelta(days=back)
        case = collect_case(
            actor=desk, at=at, area_code=place, kind=kind, source="collector", words=words, spot=spot,
            collector_name="何网格员",
        )  # fmt: skip
        done, step = {"actor": desk, "case_id": case.pk}, STEPS.index(last)
        decided = {**done, "actor": decider}
        if step >= 1:
            file_case(**done, at=at + timedelta(minutes=20))
        if step >= 2:
            send_case(**done, at=at + timedelta(minutes=50), unit="翠屏物业", handler_name="刘经理")
        if last == "hang":
            until = world.today + timedelta(days=9)
            extend_case(**decided, at=at + timedelta(hours=2), until=until, note="等施工队排期")
            hang_case(
                **decided,
                at=at + timedelta(hours=3),
                reason="要等老旧小区改造",
                review_on=world.today + timedelta(days=60),
            )
        elif step >= 3:
            report_case(**done, at=at + timedelta(hours=4), result="已经办好，请到现场看")
        if last in ("fail", "close", "evaluate"):
            check_case(
                actor=checker, at=at + timedelta(hours=20), case_id=case.pk, passed=last != "fail", seen="到现场看过"
            )
        if last == "evaluate":
            evaluate_case(**decided, at=at + timedelta(days=1), grade="good")
    GridCase.objects.update(demonstration=True)
    return len(CASES)
