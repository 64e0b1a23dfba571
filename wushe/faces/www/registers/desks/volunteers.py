"""The desks of volunteers, their teams and the standing posts."""

from datetime import date, datetime
from typing import Any

from django import forms

from wushe.faces.www.refusing import ClockField
from wushe.faces.www.registers.desk import Act, Desk, act_address
from wushe.faces.www.registers.forms import (
    ASK,
    HoursField,
    RegisterForm,
    RowChoice,
    WeekdaysField,
    day_field,
    number_field,
)
from wushe.faces.www.registers.sections import Link, Listing, Section, facts, line
from wushe.faces.www.templatetags.formats import minutes as in_words
from wushe.foundation.actor import Actor
from wushe.foundation.errors import Invalid
from wushe.registers.desk.declaration import Share
from wushe.registers.facilities.selectors import facilities
from wushe.registers.organisations.selectors import organisations
from wushe.registers.volunteers import entering, selectors, services, teams
from wushe.registers.volunteers.models import Post, SkillLevel, Team, Volunteer
from wushe.registers.volunteers.phone import open_phone
from wushe.registers.volunteers.register import EDIT, POSTS, TEAMS, VOLUNTEERS, shift_words
from wushe.registers.workforce.selectors import skill_titles

MOST_CHOICES = 300


class VolunteerForm(RegisterForm):
    """Where a volunteer serves, in which team, under whose care if they are minor."""

    area_code = forms.ChoiceField(label="服务社区", error_messages=ASK)
    team_id = RowChoice(label="队伍", required=False)
    guardian_id = RowChoice(
        label="监护人", required=False, help_text="未成年志愿者必须选；名单来自居民台账里的父母和监护人。"
    )
    insured_until = day_field("保险到期", required=False, hint="有人身危险的服务，开始前必须先投保。")
    earlier_minutes = HoursField(label="入册前累计（小时）", required=False)

    def __init__(self, *args: Any, person: Any = None, **kwargs: Any) -> None:
        self.person = person
        super().__init__(*args, **kwargs)

    def first_values(self) -> dict[str, Any]:
        """Begin where the person lives."""
        return {"area_code": self.person.community_code} if self.person else super().first_values()

    def initial_of(self, row: Any) -> dict[str, Any]:
        """Show the community of the volunteer."""
        return {**super().initial_of(row), "area_code": row.community_code}

    def clean_earlier_minutes(self) -> int:
        """Take nothing as none."""
        return self.cleaned_data["earlier_minutes"] or 0

    def prepare(self) -> None:
        """Offer the communities, the teams and the guardians on record."""
        self.offer("area_code", [pair for pair in self.offered_places() if len(pair[0]) == 12])
        self.offer("team_id", selectors.teams_at(actor=self.actor).values_list("pk", "name"), empty="暂不编队")
        person = self.row.person if self.row is not None else self.person
        guardians = selectors.guardians_for(person=person) if person else []
        self.offer("guardian_id", [(one.pk, one.name) for one in guardians], empty="没有（已成年）")


class SkillForm(forms.Form):
    """What a volunteer can do."""

    skill = forms.ChoiceField(label="技能", error_messages=ASK)
    level = forms.TypedChoiceField(
        label="程度", choices=SkillLevel.choices, coerce=int, widget=forms.RadioSelect, error_messages=ASK
    )
    trained_on = day_field("培训日期", required=False, hint="“经过培训”和“可带别人”必须填写。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["skill"].choices = [("", "请选择"), *skill_titles().items()]  # type: ignore[attr-defined]


class DropSkillForm(forms.Form):
    """Which skill is taken off."""

    skill = forms.ChoiceField(label="取消哪一项", error_messages=ASK)

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(one.skill.code, one.skill.title) for one in selectors.skills_of(volunteer=row)]
        self.fields["skill"].choices = rows  # type: ignore[attr-defined]


class LeaveForm(forms.Form):
    """When a volunteer leaves."""

    left_on = day_field("退出日期")


def volunteer_sections(actor: Actor, row: Any, on: date) -> list[Section]:
    """Return what is known of a volunteer."""
    stars = selectors.stars_of(volunteer=row, on=on)
    basics = facts("基本情况", "user-heart", [
        ("志愿者编号", row.number),
        ("服务社区", row.place),
        ("队伍", Link(row.team.name, TEAMS_DESK.address_of(row.team_id)) if row.team else None),
        ("联系电话", str(row.person.phone)),
        ("监护人", row.guardian.name if row.guardian else None),
        ("保险到期", row.insured_until),
        ("注册日期", row.registered_on),
    ])  # fmt: skip
    hours = facts("服务时长", "clock", [
        ("累计", in_words(row.all_minutes)),
        ("入册以后", in_words(row.served_minutes)),
        ("入册以前", in_words(row.earlier_minutes)),
        ("星级", "★" * stars or "未到一星"),
        ("最近服务", row.served_on),
    ], note="入册以后的时长来自核验通过的上门服务，每天夜里更新。")  # fmt: skip
    return [basics, hours, _skills(actor, row), _posts(row)]


def _skills(actor: Actor, row: Any) -> Section:
    heads = ("技能", "程度", "培训日期")
    lines = [
        line(one.skill.title, heads, (one.get_level_display(), one.trained_on))
        for one in selectors.skills_of(volunteer=row)
    ]
    act = ("登记技能", act_address("volunteers", row.pk, "skill")) if actor.may(EDIT) else None
    return Listing("技能", "award", heads, lines, "还没有登记技能。派单时只会把他（她）会做的事派给他（她）。", act)


def _posts(row: Any) -> Section:
    heads = ("岗位", "起", "止")
    lines = [
        line(one.post.title, heads, (one.starts_on, one.ends_on or "在岗"), POSTS_DESK.address_of(one.post_id))
        for one in selectors.posts_of(volunteer=row)
    ]
    return Listing("志愿岗位", "id-badge-2", heads, lines, "还没有岗位，可以到志愿岗位台账里安排。")


def create_volunteer(*, actor: Actor, at: datetime, client_key: str = "", **values: Any) -> Volunteer:
    """Register a volunteer; a resident can be one only once, so a second sending is refused."""
    return entering.register_volunteer(actor=actor, at=at, **values)


def _set_skill(actor: Actor, at: datetime, row: Volunteer, clean: dict[str, Any]) -> str:
    entering.set_skill(actor=actor, at=at, volunteer_id=row.pk, **clean)
    return "技能已登记。"


def _drop_skill(actor: Actor, at: datetime, row: Volunteer, clean: dict[str, Any]) -> str:
    entering.drop_skill(actor=actor, at=at, volunteer_id=row.pk, **clean)
    return "技能已取消。"


def _leave(actor: Actor, at: datetime, row: Volunteer, clean: dict[str, Any]) -> str:
    entering.leave_volunteers(actor=actor, at=at, volunteer_id=row.pk, **clean)
    return "退出已登记，岗位已空出。"


def _open_phone(actor: Actor, at: datetime, row: Volunteer, clean: dict[str, Any]) -> str:
    open_phone(actor=actor, at=at, volunteer_id=row.pk)
    return "已开通，请账号管理员给本人发登录账号。"


FAMILY = ("volunteers", "teams", "posts")
VOLUNTEERS_DESK = Desk(
    register=VOLUNTEERS,
    one="volunteer",
    icon="heart-handshake",
    lead="谁会做什么、服务了多久、有没有岗位。志愿者编号不是身份证号。",
    empty="从居民台账里找到愿意出力的人，登记为志愿者。",
    edit=EDIT,
    rounds="volunteers",
    form=VolunteerForm,
    create=create_volunteer,
    update=lambda actor, at, pk, changes: entering.update_volunteer(actor=actor, at=at, volunteer_id=pk, changes=changes),
    sections=volunteer_sections,
    person="先找到本人",
    siblings=FAMILY,
    acts=(
        Act("skill", "登记技能", "award", EDIT, lambda data, actor, on, row: SkillForm(data, initial={"level": 1}), _set_skill),
        Act("drop_skill", "取消技能", "ban", EDIT, lambda data, actor, on, row: DropSkillForm(data, row=row), _drop_skill,
            shows=lambda row: bool(row.can)),
        Act("phone", "开通手机", "device-mobile", EDIT, lambda data, actor, on, row: forms.Form(data), _open_phone,
            shows=lambda row: row.left_on is None, hint="开通后，账号管理员就能给本人发登录账号。"),
        Act("leave", "登记退出", "logout", EDIT, lambda data, actor, on, row: LeaveForm(data, initial={"left_on": on}), _leave,
            hint="退出的同时离开所有岗位。"),
    ),
)  # fmt: skip


class TeamForm(RegisterForm):
    """What a team is for, under whom, and who leads it."""

    name = forms.CharField(label="名称", max_length=60, error_messages=ASK)
    kind = forms.ChoiceField(label="类型", choices=Team.Kind.choices, error_messages=ASK)
    area_code = forms.ChoiceField(label="所在地", error_messages=ASK)
    speciality = forms.CharField(label="专长", max_length=60, required=False, help_text="例如：助餐、陪伴、应急救护。")
    organisation_id = RowChoice(label="主管单位", required=False)
    parent_id = RowChoice(label="上级队伍", required=False, help_text="是哪支队伍的分队；不是分队的不选。")
    leader_id = RowChoice(label="队长", required=False, help_text="从本队队员里选。")
    emergency = forms.BooleanField(label="应急时可以调用", required=False)
    founded_on = day_field("成立日期", required=False)

    def prepare(self) -> None:
        """Offer the organisations of the scope, and the members as leaders."""
        self.offer(
            "organisation_id", [(one.pk, one.name) for one in organisations(actor=self.actor)], empty="没有主管单位"
        )
        itself = self.row.pk if self.row is not None else 0
        above = [(one.pk, one.name) for one in selectors.teams_at(actor=self.actor) if one.pk != itself]
        self.offer("parent_id", above, empty="没有上级队伍")
        if self.row is None:
            del self.fields["leader_id"]
            return
        members = [(one.pk, one.person.name) for one in selectors.members_of(team=self.row)]
        self.offer("leader_id", members, empty="还没有队长")


class EndTeamForm(forms.Form):
    """When a team dissolves."""

    ended_on = day_field("解散日期")


def team_sections(actor: Actor, row: Any, on: date) -> list[Section]:
    """Return what is known of a team."""
    basics = facts("基本情况", "users-group", [
        ("类型", row.get_kind_display()),
        ("专长", row.speciality),
        ("所在地", row.place),
        ("主管单位", row.organisation.name if row.organisation else None),
        ("队长", Link(row.leader.person.name, VOLUNTEERS_DESK.address_of(row.leader_id)) if row.leader else None),
        ("应急调用", "可以调用" if row.emergency else "不列入"),
        ("上级队伍", Link(row.parent.name, TEAMS_DESK.address_of(row.parent_id)) if row.parent else None),
        ("成立日期", row.founded_on),
    ])  # fmt: skip
    below = [
        line(one.name, ("分队", "人数"), (one.strength,), TEAMS_DESK.address_of(one.pk))
        for one in selectors.branches_of(team=row)
    ]
    heads = ("队员", "编号", "累计时长")
    members = list(selectors.members_of(team=row)[:200])
    lines = [
        line(one.person.name, heads, (one.number, in_words(one.all_minutes)), VOLUNTEERS_DESK.address_of(one.pk))
        for one in members
    ]
    return [
        basics,
        Listing(f"队员 {row.strength} 人", "users", heads, lines, "还没有队员，可以在志愿者台账里批量编入。"),
        Listing("分队", "users-group", ("分队", "人数"), below, "没有分队；在分队的“修改”里选上级队伍。"),
    ]


def _end_team(actor: Actor, at: datetime, row: Team, clean: dict[str, Any]) -> str:
    teams.end_team(actor=actor, at=at, team_id=row.pk, **clean)
    return "队伍已解散，队员仍在志愿者台账里。"


TEAMS_DESK = Desk(
    register=TEAMS,
    one="team",
    icon="users-group",
    lead="社区志愿服务队、党员先锋队、行业服务队；哪些能在应急时调用。",
    empty="成立第一支队伍，再到志愿者台账里把人编进来。",
    edit=EDIT,
    form=TeamForm,
    create=teams.found_team,
    update=lambda actor, at, pk, changes: teams.update_team(actor=actor, at=at, team_id=pk, changes=changes),
    sections=team_sections,
    enter="成立队伍",
    siblings=FAMILY, rounds="teams",
    acts=(Act("end", "解散队伍", "ban", EDIT, lambda data, actor, on, row: EndTeamForm(data, initial={"ended_on": on}), _end_team),),
)  # fmt: skip


class PostForm(RegisterForm):
    """A standing post: where, how many, on which days from when to when."""

    title = forms.CharField(label="岗位", max_length=60, error_messages=ASK)
    area_code = forms.ChoiceField(label="所在社区", error_messages=ASK)
    facility_id = RowChoice(label="所在设施", required=False)
    places = number_field("需要几人", required=True, most=1000)
    weekdays = WeekdaysField(label="值班日")
    shift_start = ClockField(label="几点开始")
    shift_end = ClockField(label="几点结束")
    open_from = day_field("从哪天起")
    open_until = day_field("到哪天止", required=False, hint="长期岗位不用填。")

    def first_values(self) -> dict[str, Any]:
        """Begin with a morning on workdays."""
        first = {"weekdays": "12345", "shift_start": 540, "shift_end": 660, "open_from": self.on, "places": 2}
        return {**super().first_values(), **first}

    def prepare(self) -> None:
        """Offer the facilities of the scope."""
        rows = [(one.pk, one.name) for one in facilities(actor=self.actor, on=self.on)]
        self.offer("facility_id", rows, empty="不在设施里")


class FillForm(forms.Form):
    """Who takes a place."""

    volunteer_id = RowChoice(label="谁上岗", help_text="本社区的志愿者，还没有岗位的排在前面。")
    starts_on = day_field("从哪天起")

    def __init__(self, *args: Any, actor: Actor, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        near = selectors.free_volunteers(actor=actor, post=row)[:MOST_CHOICES]
        self.fields["volunteer_id"].choices = [  # type: ignore[attr-defined]
            ("", "请选择"), *[(one.pk, f"{one.person.name}（{one.number}）") for one in near]
        ]  # fmt: skip


class VacateForm(forms.Form):
    """Who leaves a place."""

    holder_id = RowChoice(label="谁离岗")
    ends_on = day_field("到哪天止")

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [one for one in selectors.holders_of(post=row) if one.ends_on is None]
        self.fields["holder_id"].choices = [(one.pk, one.volunteer.person.name) for one in rows]  # type: ignore[attr-defined]


def post_sections(actor: Actor, row: Any, on: date) -> list[Section]:
    """Return what is known of a post."""
    basics = facts("岗位", "id-badge-2", [
        ("在岗", Share(row.held, row.places, "人")),
        ("值班", shift_words(row)),
        ("所在设施", row.facility.name if row.facility else None),
        ("所在地", row.place),
        ("开始", row.open_from),
        ("结束", row.open_until or "长期"),
    ])  # fmt: skip
    heads = ("志愿者", "编号", "起", "止")
    may = actor.may(EDIT)
    lines = [
        line(
            one.volunteer.person.name, heads, (one.volunteer.number, one.starts_on, one.ends_on or "在岗"),
            VOLUNTEERS_DESK.address_of(one.volunteer_id),
            (("离岗", act_address("posts", row.pk, "vacate", f"?part={one.pk}")),) if may and one.ends_on is None else (),
        )
        for one in selectors.holders_of(post=row)[:100]
    ]  # fmt: skip
    act = ("安排上岗", act_address("posts", row.pk, "fill")) if may and row.held < row.places else None
    return [basics, Listing("谁在岗", "users", heads, lines, "还没有人上岗。", act)]


def _fill(actor: Actor, at: datetime, row: Post, clean: dict[str, Any]) -> str:
    services.fill_post(actor=actor, at=at, post_id=row.pk, **clean)
    return "已安排上岗。"


def _vacate(actor: Actor, at: datetime, row: Post, clean: dict[str, Any]) -> str:
    if clean["holder_id"] is None:
        raise Invalid(fields={"holder_id": "请选择谁离岗。"})
    services.vacate_post(actor=actor, at=at, **clean)
    return "已登记离岗。"


POSTS_DESK = Desk(
    register=POSTS,
    one="post",
    icon="id-badge-2",
    lead="相对稳定的志愿服务岗位：在哪里、几点到几点、还缺几人。",
    empty="开一个岗位，写清几个人、星期几、几点到几点。",
    edit=EDIT,
    form=PostForm,
    create=services.open_post,
    update=lambda actor, at, pk, changes: services.update_post(actor=actor, at=at, post_id=pk, changes=changes),
    sections=post_sections,
    enter="开设岗位",
    siblings=FAMILY,
    acts=(
        Act("fill", "安排上岗", "user-plus", EDIT,
            lambda data, actor, on, row: FillForm(data, actor=actor, row=row, initial={"starts_on": on}), _fill,
            shows=lambda row: row.held < row.places),
        Act("vacate", "登记离岗", "user-x", EDIT,
            lambda data, actor, on, row: VacateForm(data, row=row, initial={"holder_id": row.part, "ends_on": on}), _vacate,
            shows=lambda row: row.held > 0),
    ),
)  # fmt: skip
