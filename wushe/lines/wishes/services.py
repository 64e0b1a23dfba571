"""A wish is collected, verified by telephone and at home, published with consent, confirmed, thanked, or withdrawn."""

import re
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from wushe.chain.needs.models import Channel, NeedState
from wushe.chain.needs.services import close_need, record_need
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.idempotency.services import once
from wushe.foundation.presets.selectors import preset
from wushe.foundation.protected import mask_name
from wushe.foundation.scope import obtain
from wushe.registers.people.consents import is_child
from wushe.registers.people.enums import ConsentPurpose
from wushe.registers.people.models import Person
from wushe.registers.people.services import person_in_scope

from .claiming import end_claim
from .models import OPEN, ClaimOutcome, Wish, WishKind, WishState
from .workflow import WISH

RIGHT = "wishes:edit"
_CASH = re.compile(r"现金|红包|转账|汇款|打钱|给钱|借钱|银行卡|微信支付|支付宝|还债|元钱|块钱")
_TELLS = re.compile(r"\d{7,}|(?:号|栋|幢|单元|室)\d|\d+(?:号|栋|幢|单元|室)|身份证")


class OneAtATime(Conflict):
    """The home has a wish on its way, or has made as many in this quarter as are allowed."""

    message = "这户人家本季度已经有一个心愿了，先帮他们实现这一个。"


class NotVerified(Conflict):
    """A wish is published only after a call and a visit."""

    message = "要先电话核实、再上门核实，才能发布。"


class NoConsent(Conflict):
    """Nothing about somebody is published without consent to that very purpose."""

    message = "还没有登记居民对“宣传展示”的单独同意，不能公开。请先在居民页登记同意。"


class NoPhoto(Conflict):
    """A wish counts as realised only with a photo of it."""

    message = "还没有照片，请先上传一张送到或做完的照片。"


@domain_call(RIGHT)
def collect_wish(
    *, actor: Actor, at: datetime, person_id: int, kind: str, title: str, story: str = "", worth_fen: int = 0,
    client_key: str = "",
) -> Wish:  # fmt: skip
    """Write down a wish; it stands in the one queue of needs as well. The same client key again gives the same wish.

    Raises NotFound out of scope, OneAtATime, and Invalid beside each field: money, what tells who it is, too dear.
    """
    person, today = person_in_scope(actor=actor, person_id=person_id), timezone.localdate(at)
    _check(kind, title, story, worth_fen, area_code=person.area_code, on=today)

    def effect() -> dict[str, Any]:
        if _wishes_of_home(person, today) >= preset("wishes.household.open_max", area_code=person.area_code, on=today):
            raise OneAtATime
        wish = Wish(
            person=person, area_code=person.area_code, kind=kind, title=title.strip(), story=story.strip(),
            worth_fen=worth_fen, collected_at=at, collected_by=actor.user_id, owner_name=actor.name,
            public_name=public_name(person, on=today), demonstration=person.demonstration,
        )  # fmt: skip
        wish.need = record_need(
            actor=actor, at=at, person_id=person.pk, channel=Channel.WISH, words=f"微心愿：{wish.title}。{wish.story}"
        )
        WISH.start(wish, event="collect", actor=actor, at=at, data={"kind": kind})
        return {"wish": wish.pk}

    body = {"person": person_id, "kind": kind, "title": title.strip()}
    answer = once(actor=actor, at=at, key=client_key, call="wishes.collect_wish", body=body, effect=effect)
    return Wish.objects.get(pk=answer["wish"])


@domain_call(RIGHT)
def update_wish(*, actor: Actor, at: datetime, wish_id: int, changes: dict[str, Any]) -> Wish:
    """Change the words of a wish that is not public yet; raises NotFound, Invalid, Conflict."""
    wish = obtain(Wish, actor, pk=wish_id)
    if wish.state != WishState.COLLECTED:
        raise Conflict("已经公开的心愿不能再改，可以撤下重新登记。")
    for name in ("kind", "title", "story", "worth_fen"):
        setattr(wish, name, changes.get(name, getattr(wish, name)))
    _check(wish.kind, wish.title, wish.story, wish.worth_fen, area_code=wish.area_code, on=timezone.localdate(at))
    # Other words are another wish: who verified the old ones did not hear these.
    told = {"kind": wish.kind, "title": wish.title.strip(), "story": wish.story.strip(), "worth_fen": wish.worth_fen}
    WISH.move(wish, "verify", actor=actor, at=at, changes={**told, "phoned_at": None, "visited_at": None})
    return wish


@domain_call(RIGHT)
def verify_wish(*, actor: Actor, at: datetime, wish_id: int, at_home: bool) -> Wish:
    """Write down that the wish was confirmed by telephone, and then at home; raises NotFound, Conflict, MoveNotAllowed."""
    wish = obtain(Wish, actor, pk=wish_id)
    if at_home and wish.phoned_at is None:
        raise NotVerified
    changes = {"visited_at" if at_home else "phoned_at": at}
    WISH.move(wish, "verify", actor=actor, at=at, changes=changes, data={"at_home": at_home})
    return wish


@domain_call(RIGHT)
def publish_wish(*, actor: Actor, at: datetime, wish_id: int) -> Wish:
    """Show a verified wish to everybody, under a name that tells nobody who it is; raises NotFound, NotVerified, NoConsent."""
    wish = obtain(Wish.objects.select_related("person"), actor, pk=wish_id)
    if wish.state == WishState.COLLECTED and not (wish.phoned_at and wish.visited_at):
        raise NotVerified
    if not wish.person.consents.filter(purpose=ConsentPurpose.PUBLICITY, withdrawn_at=None).exists():
        raise NoConsent
    WISH.move(wish, "publish", actor=actor, at=at, changes={"published_at": at})
    return wish


@domain_call(RIGHT)
def confirm_wish(*, actor: Actor, at: datetime, wish_id: int, satisfied: bool) -> Wish:
    """Write down whether the home says that the wish came true; if not, it goes back to who claimed it.

    Raises NotFound, NoPhoto, MoveNotAllowed.
    """
    wish = obtain(Wish.objects.select_related("need"), actor, pk=wish_id)
    if not satisfied:
        WISH.move(wish, "reopen", actor=actor, at=at)
        return wish
    if wish.state == WishState.REALISED and not wish.photos.exists():
        raise NoPhoto
    WISH.move(wish, "confirm", actor=actor, at=at, changes={"closed_at": at})
    end_claim(wish, ClaimOutcome.KEPT, at=at)
    _close_need(wish, "微心愿已实现。", actor=actor, at=at)
    return wish


@domain_call(RIGHT)
def thank(*, actor: Actor, at: datetime, wish_id: int, thanks: str) -> Wish:
    """Publish the words with which the home thanks; raises NotFound, Invalid, MoveNotAllowed."""
    wish = obtain(Wish.objects.select_related("person"), actor, pk=wish_id)
    if not (text := thanks.strip()) or len(text) > 200:
        raise Invalid(fields={"thanks": "请写一两句感谢的话，200字以内。"})
    if _TELLS.search(text) or wish.person.name in text:
        raise Invalid(fields={"thanks": "感谢的话会公开，请不要写姓名、电话、门牌。"})
    WISH.move(wish, "thank", actor=actor, at=at, changes={"thanks": text})
    return wish


@domain_call(RIGHT)
def withdraw_wish(*, actor: Actor, at: datetime, wish_id: int, reason: str) -> Wish:
    """Take a wish off the page, with its claim; raises NotFound, Invalid without a reason, MoveNotAllowed."""
    wish = obtain(Wish.objects.select_related("need"), actor, pk=wish_id)
    if not reason.strip():
        raise Invalid(fields={"reason": "请写明为什么撤下。"})
    outcome = reason.strip()[:200]
    WISH.move(wish, "withdraw", actor=actor, at=at, changes={"closed_at": at, "outcome": outcome})
    end_claim(wish, ClaimOutcome.DROPPED, at=at)
    _close_need(wish, f"微心愿撤下：{outcome}", actor=actor, at=at)
    return wish


def public_name(person: Person, *, on: date) -> str:
    """Return how the public page calls somebody: a family name and stars, a child by no part of its name."""
    return "一位小朋友" if is_child(person, on=on) else mask_name(person.name)


def _close_need(wish: Wish, reason: str, *, actor: Actor, at: datetime) -> None:
    if wish.need and wish.need.state in (NeedState.RECORDED, NeedState.TRIAGED, NeedState.LINKED):
        close_need(actor=actor, at=at, need_id=wish.need.pk, reason=reason)


def _wishes_of_home(person: Person, on: date) -> int:
    """Return how many wishes a home has open or has made in this quarter; those taken back do not count."""
    quarter = on.replace(month=(on.month - 1) // 3 * 3 + 1, day=1)
    wishes = Wish.objects.filter(person__household=person.household) if person.household_id else person.wishes.all()
    made = wishes.filter(collected_at__date__gte=quarter).exclude(state=WishState.WITHDRAWN)
    return (made | wishes.filter(state__in=OPEN)).distinct().count()


def _check(kind: str, title: str, story: str, worth_fen: int, *, area_code: str, on: date) -> None:
    faults = {}
    if kind not in WishKind.values:
        faults["kind"] = "请选择实物还是服务。"
    if not title.strip() or len(title.strip()) > 40:
        faults["title"] = "请用一句话写下心愿，40字以内。"
    if len(story.strip()) > 200:
        faults["story"] = "公开说明请写在200字以内。"
    for name, text in (("title", title), ("story", story)):
        if _CASH.search(text):
            faults[name] = "微心愿不收送现金，请写需要的东西或想做的事；要用钱请走临时救助。"
        elif _TELLS.search(text):
            faults[name] = "这句话会公开，请不要写电话、门牌、证件。"
    most = preset("wishes.value.max", area_code=area_code, on=on)
    if not 0 <= worth_fen <= most:
        faults["worth_fen"] = f"微心愿一般不超过{most // 100}元，大的困难请登记需求。"
    if faults:
        raise Invalid(fields=faults)
