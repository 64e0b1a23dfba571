"""Small wishes of the first streets in every state, made by the product's own services; people and words are invented."""

import random
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

from django.utils import timezone
from PIL import Image

from wushe.foundation.actor import SYSTEM, Actor
from wushe.lines.wishes.claiming import add_photo, claim_for, expire_claims, note_call, realise_wish
from wushe.lines.wishes.models import WishKind
from wushe.lines.wishes.services import collect_wish, confirm_wish, publish_wish, thank, verify_wish
from wushe.registers.people.consents import ConsentStands, give_consent, notice_for
from wushe.registers.people.enums import ConsentPurpose

from .history import Cast
from .source import World

G, S = WishKind.GOODS, WishKind.SERVICE
WISHES = [
    (G, "一台能听川剧的收音机", "眼睛不大看得清了，想听戏解闷。", 12000), (S, "有人陪着去看一次江边的灯", "三年没有晚上出过门。", 0),
    (G, "一双防滑的棉鞋", "冬天下楼怕滑。", 9000), (S, "修一修晃动的凳子", "坐着不稳，怕摔。", 0),
    (G, "一个大字的日历", "小字看不清。", 3000), (S, "教会用手机和女儿视频", "女儿在外地打工。", 0),
    (G, "一床厚一点的被子", "老房子冬天冷。", 20000), (S, "拍一张像样的照片", "想留给孙子。", 0),
    (G, "一盏起夜的小夜灯", "夜里起来看不见。", 2500), (S, "把阳台的花搬进屋", "搬不动了，怕冻坏。", 0),
    (G, "一副老花镜", "想自己看报。", 8000), (S, "理一次发", "腿脚不方便，出不了门。", 0),
    (G, "一套水彩笔", "喜欢画画。", 4000), (S, "陪着下几盘棋", "老棋友搬走了。", 0),
    (G, "一个保温水壶", "起夜喝口热的。", 6000), (S, "把旧衣服改合身", "瘦了，衣服都大了。", 0),
]  # fmt: skip
CLAIMANTS = [
    ("unit", "区图书馆"),
    ("member", "周建国"),
    ("volunteer", "唐小琴"),
    ("unit", "城南供电所"),
    ("member", "何长贵"),
]
THANKS = ["天天都用着，谢谢好心人。", "没想到真有人记着，心里暖和。", "谢谢你们，过年来家里喝茶。"]
STEPS = ("confirmed", "confirmed", "published", "claimed", "confirmed", "realised", "published", "collected")
SEED, DAYS = 4649, 60


def load_wishes(world: World, cast: Cast) -> int:
    """Bring each wish as far as its step; return how many."""
    world = replace(world, dice=random.Random(SEED))  # noqa: S311 — dice of its own: the rest of the district stays as it is
    streets = sorted(cast.community)[:2]
    elders = [one for one in world.elders if one.area_code[:9] in streets and one.household_id]
    homes = {one.household_id: one for one in elders}
    chosen = sorted(
        world.dice.sample(sorted(homes.values(), key=lambda one: one.pk), len(WISHES)), key=lambda one: one.pk
    )
    for serial, (person, wish) in enumerate(zip(chosen, WISHES, strict=True)):
        desk = replace(cast.community[person.area_code[:9]], area_code=person.area_code[:9])
        _live(world, desk, person, wish, serial)
    expire_claims(actor=SYSTEM, at=world.now)
    return len(WISHES)


def _live(world: World, desk: Actor, person: object, wish: tuple[str, str, str, int], serial: int) -> None:
    kind, title, story, worth = wish
    step, at = STEPS[serial % len(STEPS)], world.now - timedelta(days=DAYS - serial * 3)
    made = collect_wish(
        actor=desk,
        at=at,
        person_id=person.pk,
        kind=kind,
        title=title,
        story=story,
        worth_fen=worth,  # type: ignore[attr-defined]
    )
    verify_wish(actor=desk, at=at + timedelta(hours=3), wish_id=made.pk, at_home=False)
    if step == "collected":
        return
    at += timedelta(days=1)
    verify_wish(actor=desk, at=at, wish_id=made.pk, at_home=True)
    _agree(desk, person, at)
    publish_wish(actor=desk, at=at, wish_id=made.pk)
    if step == "published":
        return
    by, name = CLAIMANTS[serial % len(CLAIMANTS)]
    at = max(at + timedelta(days=2), world.now - timedelta(days=5)) if step != "confirmed" else at + timedelta(days=2)
    claim = claim_for(actor=desk, at=at, wish_id=made.pk, kind=by, name=name, phone=f"139000{serial:05d}")
    note_call(actor=desk, at=at + timedelta(hours=20), claim_id=claim.pk)
    if step == "claimed":
        return
    at += timedelta(days=2)
    receipt = f"小票 {2600 + serial}" if kind == G else ""
    realise_wish(actor=desk, at=at, claim_id=claim.pk, note="和社区一起上门，当面做好、送到。", receipt=receipt)
    add_photo(actor=desk, at=at, claim_id=claim.pk, content=_picture(serial))
    if step == "confirmed":
        confirm_wish(actor=desk, at=at + timedelta(days=1), wish_id=made.pk, satisfied=True)
        if serial % 2 == 0:
            thank(actor=desk, at=at + timedelta(days=1), wish_id=made.pk, thanks=THANKS[serial % len(THANKS)])


def _agree(desk: Actor, person: object, at: object) -> None:
    try:
        give_consent(
            actor=desk, at=at, person_id=person.pk, purpose=ConsentPurpose.PUBLICITY, given_by_id=person.pk,  # type: ignore[attr-defined, arg-type]
            notice_version=notice_for(person, on=timezone.localdate(at)),  # type: ignore[attr-defined, arg-type]
        )  # fmt: skip
    except ConsentStands:
        return


def _picture(serial: int) -> bytes:
    """Return a plain picture in place of a photo: no invented faces."""
    kept = BytesIO()
    Image.new("RGB", (640, 480), (90 + serial * 9 % 120, 140, 110)).save(kept, "JPEG")
    return kept.getvalue()
