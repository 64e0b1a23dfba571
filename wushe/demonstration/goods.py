"""Goods of the demonstration: oil, coats, books and devices from gift to hand, a count, a write-off, a recall."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

from wushe.foundation.access.models import Grant, User
from wushe.foundation.actor import Actor
from wushe.lines.goods import counting, handing, recalling, writing_off
from wushe.lines.goods.allocating import Plan, allocate, digest_of, in_line
from wushe.lines.goods.models import Batch, Handout, Position, Shelf
from wushe.lines.goods.receiving import inspect_goods, move_goods, receive_goods
from wushe.lines.goods.states import ArticleKind, Proof, Source
from wushe.registers.donors.models import Donor
from wushe.registers.facilities.models import Facility

from .accounts import actor_of
from .source import World

# Title, kind, unit, lent, quantity, fen each, days until it expires, maker's batch, source.
_CAME: tuple[tuple[str, str, str, bool, int, int, int, str, str], ...] = (
    ("玉米油（5升）", ArticleKind.FOOD, "桶", False, 60, 6_500, 24, "20260310A", Source.DONATED),
    ("玉米油（5升）", ArticleKind.FOOD, "桶", False, 40, 6_500, 260, "20260801B", Source.BOUGHT),
    ("羽绒服", ArticleKind.CLOTHES, "件", False, 35, 19_900, 0, "", Source.DONATED),
    ("图书", ArticleKind.BOOKS, "册", False, 340, 2_500, 0, "", Source.DONATED),
    ("绘本", ArticleKind.BOOKS, "本", False, 133, 3_200, 0, "", Source.DONATED),
    ("看护通", ArticleKind.DEVICE, "台", True, 12, 36_000, 0, "", Source.DONATED),
    ("轮椅", ArticleKind.DEVICE, "台", True, 6, 48_000, 0, "", Source.GRANTED),
    ("纯牛奶（12盒装）", ArticleKind.FOOD, "箱", False, 20, 5_500, 150, "20260905C", Source.DONATED),
)


def load_goods(world: World) -> int:
    """Live four months of goods through the services themselves; return how many shares there are."""
    office = _Store(world)
    for number, row in enumerate(_CAME):
        office.receive(number, *row)
    office.distribute("玉米油（5升）", "中秋粮油慰问", each=2, categories=("tekun", "dibao", "living_alone"), most=18)
    office.distribute("看护通", "独居老人看护设备", each=1, categories=("living_alone", "age_80"), most=6)
    office.look_after()
    Batch.objects.update(demonstration=True)
    return Handout.objects.count()


@dataclass
class _Store:
    """The people who keep goods in the first community, each under their own account."""

    world: World

    def __post_init__(self) -> None:
        self.officer, self.worker, self.second = (self._hand(name) for name in ("cishan", "shequ", "shegong"))
        place = self.worker.area_code
        here = Facility.objects.filter(area_code__startswith=place, closed_on=None).order_by("pk")
        street = Facility.objects.filter(area_code__startswith=place[:9], closed_on=None).order_by("pk")
        self.store = here.first() or street[0]
        self.other = street.exclude(pk=self.store.pk).first()
        self.givers = list(Donor.objects.filter(ended_on=None).order_by("pk")[:6])
        self.batches: list[Batch] = []

    def _hand(self, username: str) -> Actor:
        user = User.objects.get(username=username)
        grant = Grant.objects.filter(user=user).order_by("pk")[0]
        return actor_of(user, grant)

    def at(self, days: int) -> datetime:
        """Return ten in the morning so many days ago."""
        return min(self.world.moment(self.world.today - timedelta(days=days), 600), self.world.now)

    def receive(self, number: int, title: str, kind: str, unit: str, lent: bool, *more: Any) -> None:
        """Take one batch in, inspected but for the last."""
        quantity, fen, days, maker, source = more
        arrived = 70 - number * 8
        giver = self.givers[number % len(self.givers)].pk if self.givers and source == Source.DONATED else None
        batch = receive_goods(
            actor=self.officer, at=self.at(arrived), facility_id=self.store.pk, quantity=quantity, source=source,
            received_on=self.at(arrived).date(), title=title, kind=kind, unit=unit, lent=lent, donor_id=giver,
            supplier="" if source == Source.DONATED else "区慈善会统一采购", maker_batch=maker, unit_value_fen=fen,
            value_basis="捐赠方声明" if source == Source.DONATED else "发票",
            expires_on=self.world.today + timedelta(days=days) if days else None,
            wishes="给最需要的老人" if number % 3 == 0 else "",
        )  # fmt: skip
        self.batches.append(batch)
        if number < len(_CAME) - 1:
            inspect_goods(
                actor=self.worker, at=self.at(arrived - 1), batch_id=batch.pk, accepted=quantity - (number == 1),
                inspection="一桶漏油，退回" if number == 1 else "包装完好，数量相符",
            )  # fmt: skip

    def distribute(self, title: str, name: str, *, each: int, categories: tuple[str, ...], most: int) -> None:
        """Give out by the rule; most have fetched their share, some have not yet."""
        shelf = Shelf.objects.select_related("article", "facility").get(article__title=title, facility=self.store)
        plan = Plan(shelf, self.store.area_code[:12], categories, False, each, self.at(12).date())
        line = in_line(plan, self.second)
        allocate(
            actor=self.second, at=self.at(12), shelf_id=shelf.pk, area_code=plan.area_code, categories=categories,
            with_needs=False, each=each, title=name, seen=digest_of(line),
        )  # fmt: skip
        for place, handout in enumerate(Handout.objects.filter(shelf=shelf).order_by("rank")[:most]):
            handing.hand_over(
                actor=self.worker, at=self.at(10 - place % 8), handout_id=handout.pk, kind=Proof.SIGNATURE,
                taken_by="本人" if place % 4 else "女儿代领", content=_slip(f"{title}-{place}"),
            )  # fmt: skip

    def look_after(self) -> None:
        """Move some, ask for a write-off, finish a count, and call one maker's batch back."""
        books, oil = self.batches[3], self.batches[1]
        if self.other is not None:
            position = Position.objects.get(batch=books, shelf__facility=self.store)
            move_goods(
                actor=self.officer, at=self.at(6), position_id=position.pk, facility_id=self.other.pk, quantity=80
            )
        coats = Position.objects.get(batch=self.batches[2], shelf__facility=self.store)
        writing_off.ask_write_off(
            actor=self.worker,
            at=self.at(5),
            position_id=coats.pk,
            quantity=2,
            reason="damaged",
            note="受潮发霉，不能再穿",
        )
        count = counting.begin_count(actor=self.worker, at=self.at(4), facility_id=self.store.pk)
        found = {line.pk: line.expected - (line.position.batch_id == books.pk) for line in count.lines.all()}
        counting.write_count(actor=self.worker, at=self.at(4), count_id=count.pk, found=found)
        counting.book_count(actor=self.second, at=self.at(3), count_id=count.pk)
        if self.officer.area_code == oil.area_code[:6]:
            recalling.start_recall(
                actor=self.officer, at=self.at(1), batch_id=self.batches[0].pk, reason="厂家通知：部分批次标签日期有误",
                advice="先不要食用，凭签收单到社区换新的",
            )  # fmt: skip


def _slip(words: str) -> bytes:
    """Return a drawn picture of a signed slip: the demonstration shows nobody's hand."""
    sheet = Image.new("RGB", (480, 320), "white")
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((20, 20, 460, 300), outline="grey", width=3)
    seed = sum(map(ord, words))
    points = [(60 + step * 16, 200 + (seed * 7 + step * step * 23) % 60) for step in range(22)]
    pen.line(points, fill="navy", width=4)
    kept = BytesIO()
    sheet.save(kept, "JPEG", quality=70)
    return kept.getvalue()
