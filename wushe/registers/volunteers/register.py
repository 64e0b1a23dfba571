"""The registers of volunteers, teams and standing posts as their desks show them."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.quantities import show_minutes
from wushe.foundation.scope import obtain, visible
from wushe.registers.desk import facets
from wushe.registers.desk.declaration import Blank, BulkAct, Column, Done, Order, Register, Share, Values, declare
from wushe.registers.desk.finding import held_by, served_by, titled
from wushe.registers.desk.setting import AlreadySo, setting
from wushe.registers.desk.together import apart, together
from wushe.registers.people.identity import years_before
from wushe.registers.workforce.models import Skill

from .entering import leave_volunteers, return_volunteer, update_volunteer
from .models import Post, PostHolder, Team, Volunteer, VolunteerSkill
from .selectors import teams_at
from .services import update_post
from .teams import update_team

EDIT = "volunteers:edit"
QUIET_DAYS = 180
_GROWN = 18
WEEK = "一二三四五六日"


def _volunteers(actor: Actor, on: date) -> QuerySet[Volunteer]:
    return visible(Volunteer.objects.filter(left_on=None), actor)


def _dressed(rows: QuerySet[Volunteer], on: date) -> QuerySet[Volunteer]:
    held = PostHolder.objects.filter(volunteer=OuterRef("pk"), ends_on=None)
    skills = together(VolunteerSkill.objects.all(), of="volunteer", text="skill__title")
    return rows.select_related("person", "team", "guardian").annotate(in_post=Exists(held), can=skills)


def _has_post() -> Q:
    return Q(Exists(PostHolder.objects.filter(volunteer=OuterRef("pk"), ends_on=None)))


def _skills(actor: Actor, on: date) -> list[tuple[str, str]]:
    return list(Skill.objects.order_by("id").values_list("code", "title"))


def _with_skill(code: str, on: date) -> Q:
    return Q(pk__in=VolunteerSkill.objects.filter(skill__code=code).values("volunteer"))


def _update_volunteer(actor: Actor, at: datetime, pk: int, changes: dict[str, Any]) -> Volunteer:
    return update_volunteer(actor=actor, at=at, volunteer_id=pk, changes=changes)


def _leave(actor: Actor, at: datetime, pk: int, values: Values) -> Done:
    if obtain(Volunteer, actor, pk=pk).left_on:
        raise AlreadySo
    leave_volunteers(actor=actor, at=at, volunteer_id=pk, left_on=values["left_on"])
    return Done("在册", f"{values['left_on']}退出", None)


def _teams(actor: Actor, on: date) -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in teams_at(actor=actor).values_list("pk", "name")]


VOLUNTEERS = declare(
    Register(
        code="volunteers",
        title="志愿者",
        noun="人",
        model=Volunteer,
        permission="registers:view",
        rows=_volunteers,
        dress=_dressed,
        name=lambda row: row.person.name,
        search=lambda text: held_by(text, codes=("number",), model=Volunteer),
        search_hint="姓名两个字、拼音首字母、电话后四位、志愿者编号",
        columns=(
            Column("name", "姓名", lambda v: v.person.name),
            Column("number", "志愿者编号", lambda v: v.number),
            Column("team", "队伍", lambda v: v.team.name if v.team else ""),
            Column("skills", "技能", lambda v: apart(v.can)),
            Column("minutes", "累计时长", lambda v: show_minutes(v.all_minutes) if v.all_minutes else "", number=True, sort="hours"),
            Column("served_on", "最近服务", lambda v: v.served_on, sort="served"),
            Column("post", "岗位", lambda v: "在岗" if v.in_post else ""),
            Column("place", "所在地", lambda v: v.place),
            Column("registered_on", "注册日期", lambda v: v.registered_on, quiet=True),
            Column("insured_until", "保险到期", lambda v: v.insured_until, quiet=True),
        ),
        facets=(
            facets.cases(
                "state", "状态",
                in_post=("有岗位", lambda on: _has_post()),
                no_post=("还没有岗位", lambda on: ~_has_post()),
                no_team=("未编队", lambda on: Q(team=None)),
                quiet=("半年没有服务", lambda on: Q(served_on=None) | Q(served_on__lt=on - timedelta(days=QUIET_DAYS))),
                uninsured=("没有有效保险", lambda on: Q(insured_until=None) | Q(insured_until__lt=on)),
                minor=("未成年", lambda on: Q(person__born_on__gt=years_before(on, _GROWN))),
            ),
            facets.Facet("skill", "技能", _skills, _with_skill),
            facets.code_list("kind", "队伍类型", Team.Kind, field="team__kind"),
            facets.place(),
        ),
        orders=(
            Order("newest", "新注册的在前", descending=True),
            Order("hours", "累计时长", F("served_minutes") + F("earlier_minutes"), descending=True),
            Order("served", "最近服务", facets.or_never("served_on"), descending=True),
        ),
        bulk=(
            setting(
                "team", "编入队伍", permission=EDIT, model=Volunteer, field="team_id", update=_update_volunteer,
                blank=Blank("team_id", "编入", "choice_id", _teams),
            ),
            setting(
                "insure", "登记保险到期日", permission=EDIT, model=Volunteer, field="insured_until", update=_update_volunteer,
                blank=Blank("insured_until", "保险到期", "day"), hint="有人身危险的志愿服务，开始前必须先投保。",
            ),
            BulkAct(
                "leave", "登记退出", EDIT, _leave,
                lambda actor, at, pk, token: _back(actor, at, pk), (Blank("left_on", "退出日期", "day"),),
                "退出的同时离开所有岗位；撤回以后，岗位要重新安排。",
            ),
        ),
    )
)  # fmt: skip


def _back(actor: Actor, at: datetime, pk: int) -> None:
    return_volunteer(actor=actor, at=at, volunteer_id=pk)


def _update_team(actor: Actor, at: datetime, pk: int, changes: dict[str, Any]) -> Team:
    return update_team(actor=actor, at=at, team_id=pk, changes=changes)


TEAMS = declare(
    Register(
        code="teams",
        title="志愿服务队伍",
        noun="支",
        model=Team,
        permission="registers:view",
        rows=lambda actor, on: visible(Team.objects.filter(ended_on=None), actor),
        dress=lambda rows, on: rows.select_related("organisation", "parent", "leader__person").annotate(
            strength=Count("members", filter=Q(members__left_on=None))
        ),
        name=lambda row: row.name,
        search=lambda text: served_by(
            text, titled(text), among=Team.objects.all(), to="pk", person="leader__person"
        ),
        search_hint="名称两个字、拼音首字母，队长姓名、电话后四位",
        columns=(
            Column("name", "名称", lambda t: t.name, sort="name"),
            Column("kind", "类型", lambda t: t.get_kind_display()),
            Column("speciality", "专长", lambda t: t.speciality),
            Column("strength", "人数", lambda t: t.strength, number=True),
            Column("leader", "队长", lambda t: t.leader.person.name if t.leader else ""),
            Column("emergency", "应急", lambda t: "可调用" if t.emergency else ""),
            Column("organisation", "主管单位", lambda t: t.organisation.name if t.organisation else ""),
            Column("parent", "上级队伍", lambda t: t.parent.name if t.parent else ""),
            Column("place", "所在地", lambda t: t.place),
            Column("founded_on", "成立日期", lambda t: t.founded_on, quiet=True),
        ),
        facets=(
            facets.code_list("kind", "类型", Team.Kind),
            facets.cases(
                "state", "状态",
                emergency=("应急可调用", lambda on: Q(emergency=True)),
                leaderless=("没有队长", lambda on: Q(leader=None)),
                branch=("分队", lambda on: Q(parent__isnull=False)),
            ),
            facets.place(),
        ),
        orders=(Order("newest", "新成立的在前", descending=True), Order("name", "名称", "initials")),
        bulk=(
            setting("callable", "列入应急调用", permission=EDIT, model=Team, field="emergency", value=True, update=_update_team),
            setting("not_callable", "移出应急调用", permission=EDIT, model=Team, field="emergency", value=False, update=_update_team),
        ),
    )
)  # fmt: skip


def shift_words(post: Post) -> str:
    """Return when a post is on duty: 周一至周五 09:00–11:00."""
    days = "".join(WEEK[int(day) - 1] for day in sorted(post.weekdays))
    when = {"一二三四五六日": "每天", "一二三四五": "周一至周五", "六日": "周末"}.get(days, f"周{days}")
    start, end = divmod(post.shift_start, 60), divmod(post.shift_end, 60)
    return f"{when} {start[0]:02d}:{start[1]:02d}–{end[0]:02d}:{end[1]:02d}"


def _held() -> Any:
    return Count("holders", filter=Q(holders__ends_on=None))


def _vacant(condition: str) -> Q:
    counted = Post.objects.annotate(held=_held()).filter(**{condition: F("places")})
    return Q(pk__in=counted.values("pk"))


POSTS = declare(
    Register(
        code="posts",
        title="志愿岗位",
        noun="个",
        model=Post,
        permission="registers:view",
        rows=lambda actor, on: visible(Post.objects.filter(Q(open_until=None) | Q(open_until__gte=on)), actor),
        dress=lambda rows, on: rows.select_related("facility").annotate(held=_held()),
        name=lambda row: row.title,
        search=lambda text: served_by(
            text, titled(text, name="title"), among=PostHolder.objects.filter(ends_on=None), to="post",
            person="volunteer__person",
        ),
        search_hint="岗位两个字、拼音首字母，在岗志愿者姓名、电话后四位",
        columns=(
            Column("title", "岗位", lambda p: p.title, sort="name"),
            Column("held", "在岗", lambda p: Share(p.held, p.places, "人")),
            Column("shift", "值班", shift_words),
            Column("facility", "所在设施", lambda p: p.facility.name if p.facility else ""),
            Column("place", "所在地", lambda p: p.place),
            Column("open_from", "开始", lambda p: p.open_from),
            Column("open_until", "结束", lambda p: p.open_until or "长期"),
        ),
        facets=(
            facets.cases(
                "state", "状态",
                short=("还缺人", lambda on: _vacant("held__lt")),
                full=("已满员", lambda on: _vacant("held__gte")),
                standing=("长期岗位", lambda on: Q(open_until=None)),
            ),
            facets.place(),
        ),
        orders=(Order("newest", "新开的在前", descending=True), Order("name", "岗位", "initials")),
        bulk=(
            setting(
                "until", "调整结束日期", permission=EDIT, model=Post, field="open_until",
                update=lambda actor, at, pk, changes: update_post(actor=actor, at=at, post_id=pk, changes=changes),
                blank=Blank("open_until", "结束日期", "day"),
            ),
        ),
    )
)  # fmt: skip
