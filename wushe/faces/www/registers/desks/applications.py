"""The desk of applications on somebody's behalf: taken at once on a ground on record, or asked about and then taken."""

from datetime import date, datetime
from typing import Any

from django import forms

from wushe.chain.needs import on_behalf
from wushe.chain.needs.models import ApplicationState
from wushe.chain.needs.on_behalf import RIGHT
from wushe.chain.needs.register import APPLICATIONS
from wushe.faces.www.doors import page_of_thing
from wushe.faces.www.registers.desk import Act, Desk
from wushe.faces.www.registers.forms import ASK, RegisterForm, RowChoice
from wushe.faces.www.registers.sections import Link, Section, facts
from wushe.faces.www.templatetags.formats import moment
from wushe.foundation.actor import Actor
from wushe.registers.desk.declaration import Coded
from wushe.registers.people.models import Person
from wushe.registers.people.selectors import bonds_of


class ApplicationForm(RegisterForm):
    """Who asks for whom; the person is found before."""

    relative_id = RowChoice(
        label="登记的亲属、监护人、照护人", required=False, help_text="是登记过的关系人就选，可以当场受理。"
    )
    applicant_name = forms.CharField(label="没登记的代办人", max_length=40, required=False, help_text="例如邻居张三。")
    tie = forms.CharField(label="和居民的关系", max_length=40, required=False)
    words = forms.CharField(
        label="需要什么", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), error_messages=ASK
    )
    asker_name = forms.CharField(
        label="谁去问本人",
        max_length=40,
        required=False,
        help_text="没有登记关系、也没有本人同意的，要先问本人；不填就是您。",
    )

    def __init__(self, *args: Any, person: Any = None, **kwargs: Any) -> None:
        self.person = person
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        """Offer the relations on record; an application itself is never rewritten."""
        known = bonds_of(person=self.person) if self.person else []
        self.offer("relative_id", [(who, f"{name}（{kind}）") for who, name, kind in known], empty="不在登记里")


class AgreeForm(forms.Form):
    """Who agreed: the person, or who may agree for them."""

    given_by_id = RowChoice(label="谁同意的", help_text="按现行告知书，登记“由别人代办申请”的同意。")

    def __init__(self, data: Any, *, person: Person) -> None:
        super().__init__(data, initial={"given_by_id": person.pk})
        known = [(str(who), f"{name}（{kind}）") for who, name, kind in bonds_of(person=person)]
        self.fields["given_by_id"].choices = [(str(person.pk), f"{person.name}本人"), *known]  # type: ignore[attr-defined]


class RefuseForm(forms.Form):
    """What the person said."""

    outcome = forms.CharField(
        label="怎么问的，本人怎么说", max_length=200, error_messages=ASK, widget=forms.Textarea(attrs={"rows": 2})
    )


class AskerForm(forms.Form):
    """Who asks now."""

    asker_name = forms.CharField(label="换谁去问", max_length=40, error_messages=ASK)


def _sections(actor: Actor, row: Any, on: date) -> list[Section]:
    door = page_of_thing(actor, "need", row.need_id) if row.need_id else ""
    who = page_of_thing(actor, "person", row.person_id)
    return [facts("代办申请", "users", [
        ("居民", Link(row.person.name, who) if who else row.person.name),
        ("状态", Coded(f"application.{row.state}", str(row.get_state_display()))),
        ("代办人", f"{row.applicant_name}（{row.tie}）" if row.tie else row.applicant_name),
        ("需要什么", row.words),
        ("申请时间", moment(row.applied_at)),
        ("依据", row.get_basis_display() or None),
        ("告知书版本", row.consent.notice_version if row.consent_id else None),
        ("谁去问本人", row.asker_name),
        ("问本人的期限", moment(row.ask_by)),
        ("需求", Link(f"需求 {row.need_id}", door) if door else row.need_id),
        ("结果", row.outcome or None),
    ])]  # fmt: skip


def _did(act: Any, said: str) -> Any:
    def do(actor: Actor, at: datetime, row: Any, clean: dict[str, Any]) -> str:
        done = act(actor=actor, at=at, application_id=row.pk, **clean)
        return said.format(need=done.need_id)

    return do


def _waits(row: Any) -> bool:
    return bool(row.state == ApplicationState.WAITING)


APPLICATIONS_DESK = Desk(
    register=APPLICATIONS, one="application", icon="users", edit=RIGHT, form=ApplicationForm,
    person="替哪位居民申请", enter="登记代办申请",
    lead="替别人申请：有登记的监护、照护、近亲属关系，或者本人同意过的，当场进入需求队列；其余先问本人，谁去问、几时前问，都写明。",
    empty="有人来替邻居、亲友申请时登记在这里。",
    create=on_behalf.apply_on_behalf,
    sections=_sections,
    acts=(
        Act("agree", "本人同意了", "circle-check", "people:edit", lambda data, actor, on, row: AgreeForm(data, person=row.person),
            _did(on_behalf.note_agreement, "已登记同意，转为需求 {need}。"), shows=_waits),
        Act("accept", "关系或同意已补登，受理", "inbox", RIGHT, lambda data, actor, on, row: forms.Form(data),
            _did(on_behalf.accept_application, "已受理，转为需求 {need}。"), shows=_waits,
            hint="在居民页面补登了关系或同意以后用。"),
        Act("hand-on", "换人去问", "user-check", RIGHT, lambda data, actor, on, row: AskerForm(data),
            _did(on_behalf.hand_on, "已换人。"), shows=_waits),
        Act("refuse", "本人不同意", "ban", RIGHT, lambda data, actor, on, row: RefuseForm(data),
            _did(on_behalf.note_refusal, "已记录。"), shows=_waits, hint="本人不同意的不进入需求队列。"),
    ),
)  # fmt: skip
