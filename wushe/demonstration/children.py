"""Children of the demonstration: a few files, one look that is allowed and one that waits, and one report of danger."""

from datetime import timedelta
from uuid import UUID

from wushe.foundation.access.models import User
from wushe.practice.children import reporting, services
from wushe.practice.children.models import ChildRecord, Group, Told
from wushe.registers.people.models import Person

from .accounts import actor_of
from .source import World

_WORDS = (
    "父母都在外省务工，跟爷爷奶奶住，每周视频一次。",
    "母亲重病，父亲打零工，上学路远。",
    "随父母流动到本社区，正在办转学。",
)
_KEY = UUID("7b0f0a51-3d0e-4d1c-9f64-2f1d7f7c5a10")


def load_children(world: World) -> int:
    """Begin files of children and report a danger; return how many files."""
    worker, manager, neighbour = (
        actor_of(user, user.grants.earliest("pk"))
        for user in (User.objects.get(username=name) for name in ("shegong", "jiedao", "shequ"))
    )
    begun = world.now - timedelta(days=20)
    born_after = world.today - timedelta(days=365 * 16)
    young = Person.objects.filter(
        area_code__startswith=worker.area_code, born_on__gt=born_after, died_on=None, moved_out_on=None
    )
    for number, child in enumerate(young.order_by("pk")[:6]):
        services.begin_record(
            actor=worker, at=begun, name=child.name, born_on=child.born_on, words=_WORDS[number % len(_WORDS)],
            group=(Group.LEFT_BEHIND, Group.HARDSHIP, Group.MIGRANT)[number % 3],
        )  # fmt: skip
    ChildRecord.objects.update(demonstration=True)
    files = list(ChildRecord.objects.order_by("pk")[:2])
    for number, file in enumerate(files):
        leave = services.ask_leave(
            actor=worker, at=world.now - timedelta(hours=3), record_id=file.pk, reason="本月走访前了解情况"
        )
        if number == 0:
            services.grant_leave(actor=manager, at=world.now - timedelta(hours=2), leave_id=leave.pk, hours=72)
            services.read_record(actor=worker, at=world.now - timedelta(hours=1), record_id=file.pk, key=_KEY)
    reporting.report_danger(
        actor=neighbour, at=world.now - timedelta(hours=5), key=_KEY, sign="alone", told=[Told.STREET, Told.POLICE],
        words="三楼一个七八岁的孩子这几天都是一个人在家，晚上也没有大人回来。",
    )  # fmt: skip
    return ChildRecord.objects.count()
