"""Grid cases in the states of their life, through the services that lead there."""

from datetime import datetime, timedelta

from tests.factories.cast import actor_of
from tests.factories.places import COMMUNITY, NOON
from wushe.practice.grid.collecting import collect_case, file_case, send_case
from wushe.practice.grid.handling import report_case
from wushe.practice.grid.models import GridCase

WORDS = "楼道里堆满杂物，走不过去"


def collected(words: str = WORDS, *, area_code: str = COMMUNITY, at: datetime = NOON, **fields: str) -> GridCase:
    """Return a case that waits for its file."""
    told = {
        "kind": "environment",
        "source": "collector",
        "spot": "3栋2单元楼道口",
        "collector_name": "何网格员",
        **fields,
    }
    return collect_case(actor=actor_of("community_worker" if area_code == COMMUNITY else "social_worker"), at=at,
                        area_code=area_code, words=words, **told)  # fmt: skip


def about(title: str, *, area_code: str) -> GridCase:
    """Return a case with this word in it."""
    return collected(f"{title}旁边堆满杂物", area_code=area_code)


def sent(*, at: datetime = NOON, **fields: str) -> GridCase:
    """Return a case that somebody handles."""
    worker, case = actor_of("community_worker"), collected(at=at, **fields)
    file_case(actor=worker, at=at, case_id=case.pk)
    return send_case(actor=worker, at=at, case_id=case.pk, unit="物业公司", handler_name="刘经理")


def reported(*, at: datetime = NOON, **fields: str) -> GridCase:
    """Return a case that waits for a look at the place; the community worker has reported it."""
    case = sent(at=at, **fields)
    return report_case(
        actor=actor_of("community_worker"), at=at + timedelta(hours=5), case_id=case.pk, result="杂物已经清走"
    )
