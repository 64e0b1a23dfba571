"""The desk of wishes: from collecting to thanks, each step an act with its own words."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.urls import reverse

from wushe.faces.www.doors import page_of_thing
from wushe.faces.www.refusing import YuanField
from wushe.faces.www.registers.desk import Act, Desk
from wushe.faces.www.registers.forms import ASK, RegisterForm, RowChoice
from wushe.faces.www.registers.sections import Link, Listing, Section, facts, line
from wushe.faces.www.templatetags.formats import moment, money
from wushe.foundation.actor import Actor
from wushe.lines.wishes import claiming, services
from wushe.lines.wishes.models import Claim, ClaimantKind, ClaimOutcome, Wish, WishKind
from wushe.lines.wishes.models import WishState as S
from wushe.lines.wishes.register import WISHES
from wushe.lines.wishes.selectors import claims_of
from wushe.lines.wishes.services import RIGHT
from wushe.registers.desk.declaration import Coded
from wushe.registers.organisations.selectors import carriers


class WishForm(RegisterForm):
    """What is wished for; the person is found before."""

    kind = forms.ChoiceField(label="类型", choices=WishKind.choices, widget=forms.RadioSelect, error_messages=ASK)
    title = forms.CharField(
        label="心愿", max_length=40, help_text="例如：一台收音机；想去看一次江边的灯。", error_messages=ASK
    )
    story = forms.CharField(
        label="公开说明", required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="会公开，不要写姓名、电话、门牌、病名。",
    )  # fmt: skip
    worth_fen = YuanField(label="大约值多少元", required=False, help_text="服务类可以不填。不收送现金。")

    def __init__(self, *args: Any, person: Any = None, **kwargs: Any) -> None:
        self.person = person
        super().__init__(*args, **kwargs)

    def initial_of(self, row: Any) -> dict[str, Any]:
        """Show yuan."""
        return {**super().initial_of(row), "worth_fen": row.worth_fen / 100}

    def clean_worth_fen(self) -> int:
        """Return fen; nothing is 0."""
        return self.cleaned_data["worth_fen"] or 0


class ClaimForm(forms.Form):
    """Who makes it come true."""

    kind = forms.ChoiceField(
        label="谁来认领", choices=ClaimantKind.choices, widget=forms.RadioSelect, error_messages=ASK
    )
    organisation_id = RowChoice(label="单位", required=False, help_text="单位认领时从组织台账里选；没有的写在下面。")
    name = forms.CharField(label="姓名或单位名", required=False, max_length=60)
    phone = forms.CharField(label="联系电话", required=False, max_length=30)

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation_id"].choices = [("", "没有"), *((one.pk, one.name) for one in carriers(on=on))]  # type: ignore[attr-defined]


class RealiseForm(forms.Form):
    """How it came true."""

    note = forms.CharField(
        label="怎么实现的", max_length=200, widget=forms.Textarea(attrs={"rows": 3}), error_messages=ASK
    )
    receipt = forms.CharField(
        label="票据号", required=False, max_length=60, help_text="实物类必填；自家的东西写“自有”。"
    )


class ConfirmForm(forms.Form):
    """What the home says."""

    satisfied = forms.TypedChoiceField(
        label="居民怎么说", choices=[("yes", "心愿实现了"), ("no", "还没有实现")], widget=forms.RadioSelect,
        coerce=lambda value: value == "yes", empty_value=None, error_messages=ASK,
    )  # fmt: skip


class ThanksForm(forms.Form):
    """The words of the home."""

    thanks = forms.CharField(
        label="居民的感谢", max_length=200, widget=forms.Textarea(attrs={"rows": 3}), error_messages=ASK,
        help_text="会公开；不写姓名、电话、门牌。",
    )  # fmt: skip


class WithdrawForm(forms.Form):
    """Why it is taken off the page."""

    reason = forms.CharField(label="为什么撤下", max_length=200, error_messages=ASK)


def wish_sections(actor: Actor, row: Any, on: date) -> list[Section]:
    """Return what is known of a wish: what the public sees, how it was verified, who claimed it, its photos."""
    door, need = page_of_thing(actor, "person", row.person_id), page_of_thing(actor, "need", row.need_id or 0)
    basics = facts("心愿", "gift", [
        ("居民", Link(row.person.name, door) if door else row.person.name),
        ("状态", Coded(f"wish.{row.state}", str(row.get_state_display()))),
        ("类型", row.get_kind_display()),
        ("大约值", money(row.worth_fen) if row.worth_fen else None),
        ("电话核实", moment(row.phoned_at) if row.phoned_at else "还没有"),
        ("上门核实", moment(row.visited_at) if row.visited_at else "还没有"),
        ("实现期限", row.due_on),
        ("责任人", row.owner_name),
        ("需求", Link(f"需求 {row.need_id}", need) if need else None),
        ("撤下原因", row.outcome or None),
    ])  # fmt: skip
    public = facts("公开页上的样子", "speakerphone", [
        ("称呼", row.public_name), ("心愿", row.title), ("说明", row.story or None), ("感谢", row.thanks or None),
    ], note="姓名、电话、住址、年龄都不公开；未成年人不写姓。")  # fmt: skip
    heads = ("认领人", "身份", "电话", "状态", "联系期限", "怎么实现的", "票据")
    claims = [
        line(one.name, heads, (one.get_kind_display(), str(one.phone), one.get_outcome_display(), moment(one.expires_at), one.note,
             one.receipt))
        for one in claims_of(wish=row)
    ]  # fmt: skip
    photos = [
        line(f"照片 {n}", ("照片", "上传时间"), (moment(one.taken_at),), reverse("wishes:photo", args=[one.pk]))
        for n, one in enumerate(row.photos.order_by("pk"), 1)
    ]
    claim = _open_claim(row)
    add = ("上传照片", reverse("wishes:add_photo", args=[claim.pk])) if claim and actor.may(RIGHT) else None
    return [
        basics, public, Listing("认领", "heart-handshake", heads, claims, "还没有人认领。"),
        Listing("照片", "photo", ("照片", "上传时间"), photos, "确认实现之前，要有一张送到或做完的照片。", add),
    ]  # fmt: skip


def _open_claim(row: Wish) -> Claim | None:
    return row.claims.filter(outcome=ClaimOutcome.OPEN).first()


def _on_wish(said: str, service: Any, **fixed: Any) -> Any:
    def do(actor: Actor, at: datetime, row: Wish, clean: dict[str, Any]) -> str:
        service(actor=actor, at=at, wish_id=row.pk, **fixed, **clean)
        return said

    return do


def _on_claim(said: str, service: Any) -> Any:
    def do(actor: Actor, at: datetime, row: Wish, clean: dict[str, Any]) -> str:
        claim = _open_claim(row)
        service(actor=actor, at=at, claim_id=claim.pk if claim else 0, **clean)
        return said

    return do


def _form(form: type[forms.Form]) -> Any:
    return lambda data, actor, on, row: form(data)


def _in(*states: str) -> Any:
    return lambda row: row.state in states


WISHES_DESK = Desk(
    register=WISHES,
    one="wish",
    icon="gift",
    lead="一户一季度一个，核实、同意后匿名公开，认领、实现、拍照、确认、感谢；不收送现金。",
    enter="登记心愿",
    empty="走访时听到的小愿望，登记在这里。",
    edit=RIGHT,
    form=WishForm,
    create=services.collect_wish,
    update=lambda actor, at, pk, changes: services.update_wish(actor=actor, at=at, wish_id=pk, changes=changes),
    sections=wish_sections,
    person="谁的心愿",
    acts=(
        Act("phone", "电话核实了", "phone", RIGHT, _form(forms.Form), _on_wish("电话核实已记下。", services.verify_wish, at_home=False),
            shows=lambda row: row.state == S.COLLECTED and not row.phoned_at),
        Act("visit", "上门核实了", "home-check", RIGHT, _form(forms.Form), _on_wish("上门核实已记下。", services.verify_wish, at_home=True),
            shows=lambda row: row.state == S.COLLECTED and bool(row.phoned_at) and not row.visited_at),
        Act("publish", "发布", "speakerphone", RIGHT, _form(forms.Form), _on_wish("已发布，大家可以认领了。", services.publish_wish),
            shows=_in(S.COLLECTED), hint="公开页只写称呼、心愿和说明。要先登记居民对“宣传展示”的同意。"),
        Act("claim", "登记认领", "heart-handshake", RIGHT, lambda data, actor, on, row: ClaimForm(data, on=on),
            _on_wish("已登记认领。", claiming.claim_for), shows=_in(S.PUBLISHED)),
        Act("contact", "认领人联系了", "phone", RIGHT, _form(forms.Form), _on_claim("联系已记下。", claiming.note_call),
            shows=_in(S.CLAIMED)),
        Act("realise", "送到、做到了", "gift", RIGHT, _form(RealiseForm), _on_claim("已记下，等居民确认。", claiming.realise_wish),
            shows=_in(S.CLAIMED)),
        Act("confirm", "居民确认", "circle-check", RIGHT, _form(ConfirmForm), _on_wish("已记下。", services.confirm_wish),
            shows=_in(S.REALISED)),
        Act("thank", "写感谢", "message", RIGHT, _form(ThanksForm), _on_wish("感谢已公开。", services.thank),
            shows=_in(S.CONFIRMED)),
        Act("drop", "放弃认领", "arrow-back-up", RIGHT, _form(forms.Form), _on_claim("已放弃，重新公开。", claiming.drop_claim),
            shows=_in(S.CLAIMED), hint="心愿会重新公开，别人可以认领。"),
        Act("withdraw", "撤下", "ban", RIGHT, _form(WithdrawForm), _on_wish("已撤下。", services.withdraw_wish),
            shows=_in(S.COLLECTED, S.PUBLISHED, S.CLAIMED)),
    ),
)  # fmt: skip
