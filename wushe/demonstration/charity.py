"""Charity money of the demonstration: funds of every source, gifts, expenses at every step, a relief payout, questions."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from wushe.chain.projects.models import Project, ProjectState, SourceClass
from wushe.foundation.access.models import Grant, User
from wushe.foundation.actor import SYSTEM, Actor
from wushe.lines.charity import disclosure, donations, duty_list, expenses, funds, relief
from wushe.lines.charity.enums import Choice, Side, UseCategory, Way
from wushe.lines.charity.models import Declaration, Expense, Fund
from wushe.lines.charity.paying import pay_expense
from wushe.registers.donors.models import Donor
from wushe.registers.organisations.models import Organisation, OrganisationKind
from wushe.registers.people.models import Person

from .accounts import DISTRICT, actor_of
from .source import World

_HANDLERS = ("community_worker", "social_worker", "street_manager", "charity_officer", "district_manager",
             "settlement_clerk")  # fmt: skip
_FUNDS: tuple[tuple[str, str, str, list[str], dict[str, Any]], ...] = (
    ("社区慈善基金", SourceClass.RAISED, "帮助社区困难老人和儿童，支持邻里互助", [], {"community_fund": True}),
    ("阳光助老专项基金", SourceClass.SPECIAL, "为高龄独居老人添置适老用品", ["goods", "adaptation", "service"], {}),
    ("福彩公益金助老项目资金", SourceClass.LOTTERY, "扶老助残、救孤济困", [], {}),
    ("慈善会社区治理资助", SourceClass.FEDERATION, "支持社区公益活动和居民自治", [], {}),
    ("互助慈善信托", SourceClass.TRUST, "大病困难家庭互助", ["relief"], {"trustee": "阳光信托有限公司（虚构）"}),
)
_USES = (
    (UseCategory.ACTIVITY, "重阳节敬老活动物料", 68_000), (UseCategory.SERVICE, "高龄老人上门理发", 180_000),
    (UseCategory.ACTIVITY, "邻里节场地布置", 42_500), (UseCategory.TRAINING, "骨干急救培训", 96_000),
    (UseCategory.GOODS, "防滑垫和扶手", 230_000), (UseCategory.SERVICE, "独居老人陪诊", 360_000),
)  # fmt: skip


def load_charity(world: World) -> int:
    """Live half a year of charity money through the services themselves; return how many expenses there are."""
    office = _Office(world)
    office.declare()
    for number, row in enumerate(_FUNDS):
        office.raise_fund(number, *row)
    office.relieve()
    office.answer()
    return Expense.objects.count()


@dataclass
class _Office:
    """The people of the district who handle charity money, each under their own account."""

    world: World

    def __post_init__(self) -> None:
        self.hands = {code: self._hand(code) for code in _HANDLERS}
        place = self.hands["community_worker"].area_code
        self.place = place if len(place) > 9 else f"{place}001"
        self.second = self._another("social_worker")
        self.shops = list(Organisation.objects.exclude(kind=OrganisationKind.CHARITY).order_by("pk")[:4])
        self.host = Organisation.objects.filter(kind=OrganisationKind.CHARITY).order_by("pk")[0]
        self.funds: list[Fund] = []
        self.made = 0

    def _hand(self, code: str) -> Actor:
        fixed = {"community_worker": "shequ", "social_worker": "shegong", "street_manager": "jiedao",
                 "charity_officer": "cishan", "district_manager": "quju", "settlement_clerk": "jiesuan"}  # fmt: skip
        user = User.objects.get(username=fixed[code])
        return actor_of(user, user.grants.get(role_code=code))

    def _another(self, code: str) -> Actor:
        own = self.hands[code]
        grants = Grant.objects.filter(role_code=code, area_code__in=[own.area_code, self.place[:9]])
        grant = grants.exclude(user_id=own.user_id).select_related("user").order_by("pk").first()
        return actor_of(grant.user, grant) if grant else self.hands["social_worker"]

    def at(self, days: int) -> datetime:
        """Return ten in the morning so many days ago."""
        return min(self.world.moment(self.world.today - timedelta(days=days), 600), self.world.now)

    def declare(self) -> None:
        """Write down who stands behind each account: residents of other streets, in no household with a payee."""
        users = sorted({hand.user_id for hand in self.hands.values()} | {self.second.user_id})
        people = Person.objects.filter(area_code__startswith=DISTRICT, died_on=None, moved_out_on=None).exclude(
            area_code__startswith=self.place[:9]
        ).filter(relations=None, relative_of=None).order_by("pk")[:200]  # fmt: skip
        apart = {person.household_id: person for person in people}.values()
        teller = {True: self.hands["charity_officer"], False: self.hands["district_manager"]}
        for user_id, person in zip(users, list(apart)[: len(users)], strict=True):
            actor = teller[user_id == self.hands["district_manager"].user_id]
            funds.declare(actor=actor, at=self.at(185), user_id=user_id, person_id=person.pk)

    def raise_fund(
        self, number: int, title: str, source: str, purpose: str, categories: list[str], more: dict[str, Any]
    ) -> None:
        """Open a fund by two keys, take in gifts, and bring expenses as far as their turn says."""
        officer, starts = self.hands["charity_officer"], self.world.today - timedelta(days=184 - number * 9)
        fund = funds.open_fund(
            actor=officer, at=self.at(184 - number * 9), title=f"{self.host.name}{title}", source_class=source,
            area_code=self.place[:9], host_id=self.host.pk, purpose=purpose, starts_on=starts, categories=categories,
            **more,
        )  # fmt: skip
        if more.get("community_fund"):
            self._seat(fund)
        funds.confirm_fund(actor=self.hands["street_manager"], at=self.at(183 - number * 9), fund_id=fund.pk)
        Fund.objects.filter(pk=fund.pk).update(demonstration=True)
        self.funds.append(fund)
        self._give(fund, starts)
        if UseCategory.RELIEF not in categories:
            self._spend(fund, categories)
        for duty in duty_list.owed(funds=[fund], on=self.world.today):
            if duty.duty.due_on < self.world.today - timedelta(days=40):
                duty_list.fulfil_duty(
                    actor=officer, at=self.at(30), fund_id=fund.pk, code=duty.duty.code, due_on=duty.duty.due_on,
                    document=f"社区公示栏和本平台公开（{duty.duty.title}）",
                )  # fmt: skip

    def _seat(self, fund: Fund) -> None:
        members = Person.objects.filter(
            area_code__startswith=self.place, died_on=None, relations=None, relative_of=None, charity_declaration=None
        ).order_by("pk")[:6]  # fmt: skip
        sides = (Side.DONOR, Side.HOST, Side.STREET, Side.COMMITTEE, Side.RESIDENT, Side.RESIDENT)
        for number, person in enumerate(members):
            funds.seat_member(
                actor=self.hands["charity_officer"], at=self.at(183), fund_id=fund.pk, person_id=person.pk,
                side=sides[number], supervisor=number == 5,
            )  # fmt: skip

    def _give(self, fund: Fund, since: date) -> None:
        officer = self.hands["charity_officer"]
        if fund.source_class in (SourceClass.LOTTERY, SourceClass.FEDERATION):
            donations.receive_donation(
                actor=officer, at=self.world.now, fund_id=fund.pk, amount_fen=6_000_000, way=Way.GRANT,
                received_on=since, payer="广安区财政局" if fund.source_class == SourceClass.LOTTERY else self.host.name,
            )  # fmt: skip
            return
        givers = list(Donor.objects.filter(ended_on=None, area_code__startswith=DISTRICT).order_by("pk")[:8])
        for number in range(9):
            donor = givers[number] if number < len(givers) else None
            donations.receive_donation(
                actor=officer, at=self.world.now, fund_id=fund.pk, amount_fen=(50_000, 200_000, 120_000)[number % 3],
                way=Way.BANK if donor else Way.CASH, received_on=since + timedelta(days=number * 12),
                donor_id=donor.pk if donor else None, unnamed=number % 4 == 3,
                reference=f"LS{fund.pk:03d}{number:05d}" if donor else "",
                wishes="愿老人们身体健康" if number % 2 else "",
            )  # fmt: skip

    def _spend(self, fund: Fund, categories: list[str]) -> None:
        project = Project.objects.filter(area_code__startswith=self.place, state=ProjectState.RUNNING).first()
        for number, (category, title, fen) in enumerate(_USES):
            if categories and category not in categories:
                continue
            self.made += 1
            shop = self.shops[self.made % len(self.shops)]
            day = 120 - number * 18
            expense = expenses.request_expense(
                actor=self.hands["social_worker"], at=self.at(day), fund_id=fund.pk, area_code=self.place,
                category=category, title=title, amount_fen=fen, payee_organisation_id=shop.pk, account_holder=shop.name,
                bank_account=f"6222000000{shop.pk:06d}", project_id=project.pk if project and number % 2 else None,
            )  # fmt: skip
            self._sign(expense, day, steps=4 if number < 4 else number - 3)

    def _sign(self, expense: Expense, day: int, *, steps: int) -> None:
        """Bring an expense so many signatures on; a signed one is paid and receipted."""
        for code in ("community_worker", "street_manager", "charity_officer")[:steps]:
            signed = expenses.sign_expense(
                actor=self.hands[code], at=self.at(day - 1), expense_id=expense.pk, agreed=True
            )
            if signed.state == "approved":
                break
        if steps > 2 and signed.state == "approved":
            pay_expense(
                actor=self.hands["settlement_clerk"], at=self.at(day - 2), expense_id=expense.pk,
                voucher=f"51002026{expense.pk:08d}",
            )  # fmt: skip
            if expense.pk % 3:
                expenses.confirm_receipt(
                    actor=self.hands["social_worker"], at=self.at(day - 3), expense_id=expense.pk,
                    note="收款单位电话确认，附送货单",
                )  # fmt: skip

    def relieve(self) -> None:
        """Have one relief payout on public notice, visited by two and voted on."""
        fund = self.funds[0]
        taken = set(fund.seats.values_list("person_id", flat=True)) | set(
            Declaration.objects.values_list("person_id", flat=True)
        )  # fmt: skip
        person = Person.objects.filter(
            area_code__startswith=self.place, died_on=None, relations=None, relative_of=None
        ).exclude(pk__in=taken).order_by("pk")[20]  # fmt: skip
        expense = expenses.request_expense(
            actor=self.hands["social_worker"], at=self.at(3), fund_id=fund.pk, area_code=self.place,
            category=UseCategory.RELIEF, title="大病住院救助", amount_fen=80_000, payee_person_id=person.pk,
            account_holder=person.name, bank_account=f"6222111111{person.pk:06d}",
        )  # fmt: skip
        for visitor in (self.hands["community_worker"], self.second):
            if visitor.user_id != self.hands["social_worker"].user_id:
                relief.record_relief_visit(
                    actor=visitor, at=self.at(2), expense_id=expense.pk, visited_on=timezone.localdate(self.at(2)),
                    found="住院花费大，家中无其他收入，情况属实",
                )  # fmt: skip
        for seat in fund.seats.filter(supervisor=False).order_by("pk"):
            relief.record_relief_vote(
                actor=self.hands["charity_officer"], at=self.at(1), expense_id=expense.pk, seat_id=seat.pk,
                choice=Choice.FOR,
            )  # fmt: skip
        if expense.relief_visits.count() > 1:
            relief.publish_relief(actor=self.hands["charity_officer"], at=self.at(1), expense_id=expense.pk)

    def answer(self) -> None:
        """Have one question answered and one waiting."""
        fund = self.funds[0]
        first = disclosure.ask_about(actor=SYSTEM, at=self.at(9), fund_id=fund.pk, text="邻里节的场地布置花在哪里？")
        disclosure.answer_question(
            actor=self.hands["community_worker"], at=self.at(7), question_id=first.pk,
            answer="用于租桌椅、打印海报，票据已在公开页面列出，欢迎到社区查看。",
        )  # fmt: skip
        disclosure.ask_about(actor=SYSTEM, at=self.at(1), fund_id=fund.pk, text="今年冬天会给独居老人发取暖用品吗？")
