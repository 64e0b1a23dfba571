"""The desk of pairs: neighbours and volunteers who stand by somebody, with a rhythm, look-ins and an end with a reason."""

from datetime import date, datetime
from typing import Any

from django import forms

from wushe.faces.www.doors import page_of_thing
from wushe.faces.www.refusing import OnceForm
from wushe.faces.www.registers.desk import Act, Desk
from wushe.faces.www.registers.forms import ASK, RegisterForm, RowChoice, number_field
from wushe.faces.www.registers.sections import Link, Listing, Section, facts, line
from wushe.faces.www.templatetags.formats import moment
from wushe.foundation.access.selectors import who_may
from wushe.foundation.actor import Actor
from wushe.foundation.errors import Invalid
from wushe.foundation.presets.selectors import preset
from wushe.practice.due_visits import pairs
from wushe.practice.due_visits.models import Finding, Pair, PairEnd, PairKind, PairState
from wushe.practice.due_visits.pair_register import PAIRS, standing_of_pair
from wushe.practice.due_visits.pairing import candidates_for, found_helper, look_ins_of
from wushe.practice.due_visits.visiting import RIGHT

_HEADS = ("日期", "情况", "说明", "谁记的", "转出的需求")


class PairForm(RegisterForm):
    """Who stands by whom, how often; the resident is found before."""

    helper_id = RowChoice(label="帮扶人", required=False, help_text="按住得近、结对少排列；亲属不在内。")
    helper_text = forms.CharField(
        label="名单里没有的", required=False, max_length=40, help_text="写姓名、身份证号或电话后四位，找本辖区的居民。"
    )
    kind = forms.ChoiceField(label="类型", choices=PairKind.choices, widget=forms.RadioSelect, error_messages=ASK)
    interval_days = number_field("多少天联系一次")
    words = forms.CharField(
        label="做什么", required=False, max_length=120, help_text="例如：每周看一次，带点菜，周末陪下楼走走。"
    )
    owner_id = RowChoice(label="责任人", help_text="逾期时名单上写的就是这个名字。")

    def __init__(self, *args: Any, person: Any = None, **kwargs: Any) -> None:
        self.person = person
        super().__init__(*args, **kwargs)

    def first_values(self) -> dict[str, Any]:
        """Begin with the rhythm of the place and the one who enters."""
        days = preset("care.pair.days", area_code=self.actor.area_code, on=self.on)
        return {"owner_id": self.actor.user_id, "interval_days": days, "kind": PairKind.NEIGHBOUR}

    def prepare(self) -> None:
        """Offer who lives near; the two of a pair stand."""
        place = self.row.area_code if self.row is not None else self.actor.area_code
        self.offer("owner_id", [(user.pk, user.name) for user in who_may(RIGHT, area_code=place)], empty="请选择")
        if self.row is not None:
            del self.fields["helper_id"], self.fields["helper_text"]
        elif self.person is not None:
            found = candidates_for(actor=self.actor, person=self.person, on=self.on)
            words = [(one.person.pk, f"{one.person.name}（{'，'.join(one.reasons)}）") for one in found]
            self.offer("helper_id", words, empty="请选择")

    def values(self) -> dict[str, Any]:
        """Return what was filled in, with the helper by number; raise Invalid for one that is not found."""
        clean = super().values()
        text = clean.pop("helper_text", "").strip()
        if clean.get("helper_id") is None:
            found = found_helper(actor=self.actor, text=text) if text else []
            if len(found) != 1:
                field, said = (
                    ("helper_text", "没有找到，或者不止一位，请写得更准。") if text else ("helper_id", "请选择帮扶人。")
                )
                raise Invalid(fields={field: said})
            clean["helper_id"] = found[0].pk
        return clean


class LookInForm(OnceForm):
    """What a helper has told."""

    finding = forms.ChoiceField(label="情况", choices=Finding.choices, widget=forms.RadioSelect, error_messages=ASK)
    note = forms.CharField(
        label="说明", required=False, max_length=200, help_text="有事要帮忙、没有回应的，会立刻进入需求列表。"
    )


class EndForm(forms.Form):
    """Why a pair ends."""

    reason = forms.ChoiceField(
        label="为什么结束", choices=PairEnd.choices, widget=forms.RadioSelect, error_messages=ASK
    )
    words = forms.CharField(label="补充说明", required=False, max_length=200)


def pair_sections(actor: Actor, row: Any, on: date) -> list[Section]:
    """Return what is known of a pair: who, how often, when next, and every look-in."""
    stands = row.state == PairState.STANDING
    basics = facts("结对", "heart-handshake", [
        ("被帮扶人", _person(actor, row.person)), ("帮扶人", _person(actor, row.helper)),
        ("帮扶人电话", str(row.helper.phone)), ("情况", standing_of_pair(row, on)),
        ("类型", row.get_kind_display()), ("做什么", row.words or None), ("多少天联系一次", f"{row.interval_days}天"),
        ("应联系", row.due_on if stands else None), ("过了哪天算逾期", row.late_on if stands else None),
        ("上次联系上", row.seen_on), ("责任人", row.owner_name), ("结对日期", row.begun_on),
        ("结束日期", row.ended_on), ("结束说明", row.end_words or None),
    ])  # fmt: skip
    lines = [
        line(moment(one.recorded_at), _HEADS, (one.get_finding_display(), one.note, one.by_name, one.need_id),
             page_of_thing(actor, "need", one.need_id) if one.need_id else "")
        for one in look_ins_of(pair=row)
    ]  # fmt: skip
    return [basics, Listing("历次联系", "history", _HEADS, lines, "还没有联系过。")]


def _person(actor: Actor, person: Any) -> Any:
    door = page_of_thing(actor, "person", person.pk)
    return Link(person.name, door) if door else person.name


def _look_in(actor: Actor, at: datetime, row: Pair, clean: dict[str, Any]) -> str:
    made = pairs.note_look_in(actor=actor, at=at, pair_id=row.pk, **clean)
    return f"已记下，并转为需求 {made.need_id}，请马上处理。" if made.need_id else "已记下。"


def _end(actor: Actor, at: datetime, row: Pair, clean: dict[str, Any]) -> str:
    pairs.end_pair(actor=actor, at=at, pair_id=row.pk, **clean)
    return "结对已结束。"


def _stands(row: Pair) -> bool:
    return row.state == PairState.STANDING


PAIRS_DESK = Desk(
    register=PAIRS,
    one="pair",
    icon="heart-handshake",
    lead="邻居、志愿者、党员长期照看谁，多少天联系一次，谁逾期了，名字写着谁。",
    enter="新的结对",
    empty="从一位需要有人常照看的居民开始，系统按远近推荐帮扶人。",
    edit=RIGHT,
    form=PairForm,
    create=pairs.pair,
    update=lambda actor, at, pk, changes: pairs.update_pair(actor=actor, at=at, pair_id=pk, changes=changes),
    sections=pair_sections,
    siblings=("due_visits", "no_answers", "pairs"),
    person="要照看谁",
    acts=(
        Act("look_in", "记一次联系", "home-check", RIGHT, lambda data, actor, on, row: LookInForm(data), _look_in,
            shows=_stands, hint="帮扶人也可以在手机上自己记。"),
        Act("end", "结束结对", "ban", RIGHT, lambda data, actor, on, row: EndForm(data), _end, shows=_stands),
    ),
)  # fmt: skip
