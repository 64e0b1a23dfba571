"""Selections of the demonstration, one at each step, made by the product's own services; all names and words are invented."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from wushe.chain.projects.models import RectificationState
from wushe.chain.projects.standards import DESIGN, Mark, mark_standard, standard
from wushe.foundation.access.models import Grant, User
from wushe.foundation.actor import SYSTEM, Actor
from wushe.lines.selections import announcing, applying, banning, contracting, deciding, judging, screening
from wushe.lines.selections.models import Proposal, Selection
from wushe.lines.selections.rules import rules_of
from wushe.lines.selections.states import Side
from wushe.registers.organisations.models import Organisation, Standing

from .accounts import DISTRICT, actor_of
from .source import World

_WANTED = "围绕独居老人、困境儿童和残疾人的日常需要，设计能看到服务前后变化的小项目，由社会组织承接，带动志愿者参与。"
_BOUGHT = "为行动不便的老人提供助餐送餐，覆盖四个社区，每周不少于五天，送餐时顺带看望，餐食留样。"
_OFFERS = [
    (
        "有人陪·独居老人结伴",
        "老人白天没有人说话，出门少，节假日最难熬。",
        "两人一组每周上门一次，组织邻里结伴散步，社工每月督导。",
        60,
    ),
    (
        "放学以后·困境儿童陪伴",
        "父母外出务工，孩子放学以后没有人照看功课。",
        "每周三次课后陪伴，建立成长档案，联系学校和家长。",
        35,
    ),
    (
        "轻松照护·家属喘息",
        "长期照护的家属疲惫，不会翻身护理，也没有替手。",
        "上门示范照护方法，每月两次替手，家属互助小组。",
        40,
    ),
]
_INDICATORS = ["服务对象孤独感平均下降2分", "每户建立服务档案", "满意度抽样回访不低于九成"]


def load_selections(world: World) -> int:
    """Bring four calls to their steps; return how many proposals there are."""
    office = _Office(world)
    office.venture_of_last_season()
    office.venture_before_the_jury()
    office.purchase_on_notice()
    office.venture_that_is_open()
    office.ban()
    return Proposal.objects.count()


@dataclass
class _Office:
    """Who runs the calls, who judges, and who applies."""

    world: World

    def __post_init__(self) -> None:
        rights = {r.user.username: r for r in Grant.objects.select_related("user").filter(
            user__username__in=["cishan", "quju", "jigou"])}  # fmt: skip
        self.runs, self.decides, self.own = (
            actor_of(rights[name].user, rights[name]) for name in ("cishan", "quju", "jigou")
        )
        waiting = Organisation.objects.exclude(projects__rectifications__isnull=True).exclude(
            projects__rectifications__state=RectificationState.CLOSED)  # fmt: skip
        free = Organisation.objects.filter(standing=Standing.REGISTERED, left_on=None).exclude(uscc="")
        self.applicants = list(
            free.exclude(pk__in=waiting.values("pk")).exclude(pk=self.own.organisation_id).order_by("pk")[:4]
        )
        self.experts = [*User.objects.filter(username__in=["shegong", "shequ"]).order_by("username"),
                        User.objects.filter(username__startswith="sw").order_by("username")[0]]  # fmt: skip
        self.public = list(User.objects.filter(username="jumin"))

    def at(self, days: int) -> datetime:
        """Return the moment so many days ago."""
        return self.world.now - timedelta(days=days)

    def day(self, days: int) -> date:
        """Return the day so many days ago."""
        return self.world.today - timedelta(days=days)

    def call(self, title: str, *, ago: int, open_days: int, **changes: Any) -> Selection:
        """Announce a call so many days ago."""
        values = {
            "kind": "venture", "title": title, "area_code": DISTRICT, "wanted": _WANTED, "listed_as": "",
            "source_class": "lottery", "budget_fen": 20_000_000, "limit_fen": 8_000_000, "due_on": self.day(ago - open_days),
            "starts_on": self.day(-40), "ends_on": self.day(-400), **changes,
        }  # fmt: skip
        made = announcing.draft_selection(actor=self.runs, at=self.at(ago), **values)
        Selection.objects.filter(pk=made.pk).update(demonstration=True)
        return announcing.announce(actor=self.runs, at=self.at(ago), selection_id=made.pk)

    def file(self, call: Selection, *, ago: int, sums: list[int], own: bool = False) -> list[Proposal]:
        """Have one organisation after the other file."""
        who = [Actor(0, one.name, "organisation_manager", organisation_id=one.pk) for one in self.applicants]
        filed = []
        for number, (actor, fen) in enumerate(zip([*([self.own] if own else []), *who], sums, strict=False)):
            title, need, way, people = _OFFERS[number % len(_OFFERS)]
            made = applying.draft_proposal(
                actor=actor, at=self.at(ago), selection_id=call.pk, title=title, area_code=DISTRICT,
                purpose=f"{need}希望有人定期上门，早发现、早帮助。", logic=way, indicators=_INDICATORS, people=people, asked_fen=fen,
                papers="预算表、登记证书、上年度审计报告",
            )  # fmt: skip
            declared = rules_of(call, on=self.day(ago)).value("declarations")
            filed.append(applying.file_proposal(actor=actor, at=self.at(ago), proposal_id=made.pk, declared=declared))
        return filed

    def judge(self, call: Selection, proposals: list[Proposal], *, ago: int, public: bool = True) -> None:
        """Pass all proposals to a jury that may score from that day on."""
        for one in proposals:
            screening.pass_proposal(actor=self.runs, at=self.at(ago + 1), proposal_id=one.pk, remark="材料齐全")
        for side, users in ((Side.EXPERT, self.experts), (Side.PUBLIC, self.public if public else [])):
            for user in users:
                judging.seat_juror(
                    actor=self.runs, at=self.at(ago), selection_id=call.pk, username=user.username, side=side
                )
        announcing.close_entry(actor=self.runs, at=self.at(ago), selection_id=call.pk)
        judging.begin_scoring(actor=self.runs, at=self.at(ago), selection_id=call.pk, defence_on=self.day(ago))

    def score(self, call: Selection, proposals: list[Proposal], *, ago: int) -> None:
        """Have each juror score each proposal, the earlier ones a little higher."""
        criteria = rules_of(call, on=self.day(ago)).criteria
        rights = {r.user_id: actor_of(r.user, r) for r in Grant.objects.select_related("user").filter(
            user_id__in=call.jurors.values("user_id"))}  # fmt: skip
        for seat, juror in enumerate(call.jurors.order_by("pk")):
            for number, one in enumerate(proposals):
                parts = {name: most * (92 - 6 * number - 2 * (seat % 3)) // 100 for name, most in criteria.items()}
                judging.score_proposal(
                    actor=rights[juror.user_id], at=self.at(ago), juror_id=juror.pk, proposal_id=one.pk, parts=parts,
                    words="需求写得实，指标能衡量。" if number == 0 else "",
                )  # fmt: skip

    def venture_of_last_season(self) -> None:
        """Hold a round that ended in a contract, and a winner that is not signed yet."""
        call = self.call(
            "春季公益创投：一老一小", ago=110, open_days=20, starts_on=self.day(20), ends_on=self.day(-340)
        )
        proposals = self.file(call, ago=95, sums=[6_000_000, 7_200_000, 8_000_000])
        self.judge(call, proposals, ago=85, public=False)
        self.score(call, proposals, ago=84)
        deciding.put_on_notice(actor=self.runs, at=self.at(84), selection_id=call.pk)
        said = deciding.object_to(
            actor=SYSTEM, at=self.at(83), selection_id=call.pk, text="第二名的服务社区是不是和上一年的项目重复了？"
        )
        deciding.answer_objection(
            actor=self.decides, at=self.at(80), objection_id=said.pk, upheld=False, answer="服务社区不同，人员不重复，已核对上年度台账。"
        )  # fmt: skip
        deciding.decide_selection(actor=self.decides, at=self.at(60), selection_id=call.pk)
        project = contracting.write_up(actor=self.runs, at=self.at(55), proposal_id=proposals[0].pk)
        clauses = standard(project, DESIGN, on=self.day(54)).value
        marks = {clause: Mark(met=True, evidence=f"申报书第{number}部分") for number, clause in enumerate(clauses, 1)}
        checker = Actor(0, "区民政局", "social_worker", DISTRICT)
        mark_standard(actor=checker, at=self.at(54), project_id=project.pk, marks=marks)
        contract = contracting.sign_contract(
            actor=self.runs, at=self.at(50), proposal_id=proposals[0].pk, number=f"GYCT{self.day(50):%Y}-01", carries_itself=True
        )  # fmt: skip
        contracting.note_published(actor=self.runs, at=self.at(49), contract_id=contract.pk)

    def venture_before_the_jury(self) -> None:
        """Hold a round whose jurors have log-ins: 我的评审 is not empty."""
        call = self.call("夏季公益创投：轻松照护", ago=40, open_days=20)
        self.judge(call, self.file(call, ago=30, sums=[5_000_000, 6_500_000], own=True), ago=0)

    def purchase_on_notice(self) -> None:
        """Hold a purchase of three offers whose result is on notice."""
        call = self.call(
            "助餐送餐服务购买", ago=40, open_days=20, kind="purchase", wanted=_BOUGHT, listed_as="助餐和助浴服务",
            source_class="government", budget_fen=48_000_000,
        )  # fmt: skip
        proposals = self.file(call, ago=30, sums=[46_000_000, 45_000_000, 47_500_000])
        self.judge(call, proposals, ago=4, public=False)
        self.score(call, proposals, ago=3)
        deciding.put_on_notice(actor=self.runs, at=self.at(1), selection_id=call.pk)

    def venture_that_is_open(self) -> None:
        """Open a round to which anybody may still apply."""
        self.file(self.call("秋季公益创投：邻里互助", ago=6, open_days=26), ago=2, sums=[4_000_000, 5_500_000])

    def ban(self) -> None:
        """Bar an organisation that broke its contract elsewhere."""
        last = (
            Organisation.objects.filter(left_on=None)
            .exclude(pk__in=[one.pk for one in self.applicants])
            .order_by("-pk")
            .first()
        )
        assert last is not None
        banning.ban_organisation(
            actor=self.decides, at=self.at(200), organisation_id=last.pk, area_code=DISTRICT, reason="擅自把项目转给别的机构实施"
        )  # fmt: skip
