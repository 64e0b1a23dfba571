"""One thing of every kind in one place, for what walks over all pages: rights, looks and hostile input.

Everything stands in 翠屏路社区, belongs to organisation A, and concerns 王奶奶 and the carer 周敏; `seen_by` gives an
account of any role, near (in whose scope the things are) or far (another street, organisation or person).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from tests.factories import (
    charity,
    check_in,
    children,
    dispatch,
    doors,
    due_visits,
    goods,
    grants,
    grid,
    hotline,
    judging,
    needs,
    orders,
    payments,
    people,
    scouts,
    selections,
    time_bank,
    tokens,
    visits,
    volunteering,
    wishes,
    workforce,
)
from tests.factories.cast import World, actor_of, user_of, world
from tests.factories.catalogue import CLEANING, item
from tests.factories.duplicates import ticket_about
from tests.factories.ledgers import an_account
from tests.factories.places import COMMUNITY, OTHER_COMMUNITY, TODAY
from tests.factories.registers import one_of_each
from tests.factories.visits import clock
from tests.registers.rounds.ugly import BROKEN, HERS, one
from wushe.chain.dispatch.models import Appointment, AppointmentState, PlanSearch, SearchStage
from wushe.chain.dispatch.services import confirm_plan, propose_plan
from wushe.chain.needs.services import close_need
from wushe.chain.orders.cancelling import ask_cancel
from wushe.chain.orders.models import Order
from wushe.chain.projects.rectifying import ask_rectification
from wushe.chain.settlement.services import settle
from wushe.chain.verification.call_backs import draw_call_backs
from wushe.chain.verification.services import reject_visit
from wushe.foundation.access.models import Grant, User
from wushe.foundation.access.selectors import actor_for
from wushe.foundation.actor import SYSTEM, Actor
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.protected import Sealed
from wushe.foundation.roles import ROLES, Reach
from wushe.foundation.webhooks.models import Delivery, DeliveryState, Subscription
from wushe.foundation.workdays.models import SpecialDay
from wushe.oversight.services import refresh_indicators
from wushe.registers.areas.models import Area
from wushe.registers.catalogue.models import Edition, Item
from wushe.registers.catalogue.revision import begin_revision
from wushe.registers.catalogue.succession import drop_item
from wushe.registers.organisations.models import Organisation
from wushe.registers.people.models import Person
from wushe.registers.rounds.services import upload_round
from wushe.registers.workforce.models import Worker
from wushe.registers.workforce.services import report_absence

NOW = clock(14 * 60)
TOMORROW = TODAY + timedelta(days=1)
JURORS = "social_worker community_worker resident"

Things = dict[str, int | str]

_SIGNED_IN: dict[int, str] = {}
"""The session of each account while the showcase stands."""


def showcase() -> Things:
    """Build the place and return the key of each thing, by name; "name:role" where a role has one of its own."""
    w = world()
    things: Things = {
        "person": w.elder.pk,
        "worker": w.carer.pk,
        "item": item().pk,
        "tag": w.elder.tags.earliest("pk").pk,
    }
    things |= _people(w)
    # Before any project has something to be put right: whoever has may not apply.
    things |= selections.one_of_each(w, at=NOW, jurors={code: seen_by(code) for code in JURORS.split()})
    things |= _projects(w) | _needs(w) | _orders(w) | _days(w) | _visits(w) | _registers(w)
    things |= one_of_each(w)
    things |= time_bank.one_of_each(w)
    things |= charity.one_of_each(things)
    things |= goods.one_of_each(w)
    things |= payments.one_of_each(w)
    things |= _rounds()
    things |= doors.knocked(w)
    things |= volunteering.one_of_each()
    things |= wishes.one_of_each(w, at=NOW)
    things["application"] = needs.application(w.elder, at=NOW).pk
    things["grid_case"] = grid.collected(at=NOW).pk
    things["lead"] = scouts.sent(at=NOW).pk
    things |= check_in.one_of_each(w, at=NOW)
    things |= judging.one_of_each(w, at=NOW)
    things |= due_visits.one_of_each(w, at=NOW)
    things |= children.one_of_each()
    things["hotline_order"] = hotline.one_of_each().pk
    refresh_indicators(actor=SYSTEM, at=NOW, as_of=TODAY)
    return things


def _people(w: World) -> Things:
    """A household of two, relatives, somebody who left and somebody who died, and a record that may be 王奶奶's."""
    neighbour = people.person("周素珍", home=w.elder.household)
    return {
        "relation": w.elder.relations.earliest("pk").pk,
        "household": neighbour.household_id or 0,
        "departed": people.person("吴秀兰", moved_out_on=TODAY).pk,
        "deceased": people.person("郑秀云", died_on=TODAY).pk,
        "ticket": ticket_about(w.elder, name="王贵芳").pk,
        "area": Area.objects.get(area_code=COMMUNITY).pk,
    }


def _projects(w: World) -> Things:
    running = needs.project(w.organisation, area_code=COMMUNITY)
    needs.budget_line(running)
    grant = grants.grant(w.organisation, area_code=COMMUNITY)
    fault = ask_rectification(
        actor=actor_of("social_worker"), at=NOW, project_id=grant.project_id, fault="签到表缺签名", due_on=TOMORROW
    )
    return {
        "granted_project": grant.project_id,
        "tranche": grants.tranche(grant, 2).pk,
        "filed_report": grants.filed(grants.tranche(grant, 1)).pk,
        "project_report": grants.tranche(grant, 2).report.pk,
        "rectification": fault.pk,
        "project": running.pk,
        "designed_project": needs.project(w.organisation, area_code=COMMUNITY, running=False).pk,
        "resource": needs.resource(w.charity).pk,
    }


def _needs(w: World) -> Things:
    closed = needs.recorded(w.elder, words="已经搬去和女儿住")
    close_need(actor=actor_of("social_worker"), at=NOW, need_id=closed.pk, reason="不再需要")
    return {
        "recorded_need": needs.recorded(w.elder, words="好久没洗澡了，想请人上门帮忙").pk,
        "triaged_need": needs.triaged(w.elder).pk,
        "linked_need": needs.linked(w.elder, w.organisation).pk,
        "closed_need": closed.pk,
    }


def _orders(w: World) -> Things:
    running = orders.accepted(w.elder, w.organisation, starts_on=TOMORROW, visits=3)
    asked = ask_cancel(actor=actor_of("elder"), at=NOW, order_id=running.pk, reason="那天不在家")
    return {
        "cancel_request": asked.pk,
        "placed_order": orders.placed(w.elder, starts_on=TOMORROW).pk,
        "sent_order": orders.sent(w.elder, w.organisation, starts_on=TOMORROW).pk,
        "order": running.pk,
    }


def _days(w: World) -> Things:
    """Visits of tomorrow planned by the engine, of today in every state, and one that nobody came to."""
    planner = actor_of("dispatcher")
    plans = [
        propose_plan(actor=planner, at=NOW, area_code=COMMUNITY, day=TOMORROW, seed=seed, seconds=1) for seed in (1, 2)
    ]
    confirm_plan(actor=planner, at=NOW, plan_id=plans[0].pk)
    plans.append(propose_plan(actor=planner, at=NOW, area_code=COMMUNITY, day=TOMORROW, seed=4, seconds=1))
    ahead = visits.planned(w.elder, w.carer, start=15 * 60)
    missed = visits.planned(w.elder, w.carer, start=8 * 60)
    Appointment.objects.filter(pk=missed.pk).update(state=AppointmentState.MISSED)
    waiting = dispatch.opened(orders.accepted(w.elder, w.organisation), until=TODAY)[0]
    helper = Worker.objects.get(person__name="孙立")
    own = visits.planned(w.elder, helper, organisation=w.organisation, start=16 * 60)
    search = PlanSearch.objects.create(
        area_code=COMMUNITY, day=TODAY, seed=1, seconds=8, stage=SearchStage.SEARCHING, percent=40, asked_at=NOW,
        asked_by=planner.user_id,
    )  # fmt: skip
    return {
        "plan": plans[0].pk, "proposed_plan": plans[-1].pk, "search": search.pk, "appointment": ahead.pk,
        "missed_appointment": missed.pk, "open_appointment": waiting.pk, "appointment:volunteer": own.pk,
    }  # fmt: skip


def _visits(w: World) -> Things:
    """Visits waiting to be checked, refused, and settled, with evidence, and a call to be made."""
    yesterday = TODAY - timedelta(days=1)
    helper = Worker.objects.get(person__name="孙立")
    waiting = visits.ended(visits.planned(w.elder, w.carer, start=9 * 60), evidence=True)
    visits.checked(waiting)
    refused = visits.ended(visits.planned(w.elder, w.carer, start=11 * 60), minutes=5)
    visits.checked(refused)
    reject_visit(actor=actor_of("verifier"), at=NOW, visit_id=refused.pk, reason="时间太短")
    passed = visits.ended(visits.planned(w.elder, w.second_carer, day=yesterday), evidence=True)
    visits.budget_line(Order.objects.get(appointments=passed.appointment_id), fen=100_000, carrier=w.organisation)
    visits.accepted(passed, verifier=actor_of("verifier"))
    settlement = settle(actor=actor_of("settlement_clerk"), at=NOW, visit_id=passed.pk)
    own = visits.ended(visits.planned(w.elder, helper, organisation=w.organisation, start=13 * 60), evidence=True)
    draw_call_backs(actor=SYSTEM, at=NOW, day=yesterday)
    call = passed.call_back  # type: ignore[attr-defined]
    return {
        "need": passed.appointment.order.need_id, "visit": waiting.pk, "rejected_visit": refused.pk, "passed_visit": passed.pk,
        "settlement": settlement.pk, "ledger_account": an_account("community-purse", area_code=COMMUNITY).pk,
        "organisation": w.organisation.pk, "call": call.pk, "evidence": waiting.evidence.all()[0].pk,
        "evidence:volunteer": own.evidence.all()[0].pk,
    }  # fmt: skip


def _registers(w: World) -> Things:
    absence = report_absence(
        actor=actor_of("dispatcher"), at=NOW, worker_id=w.second_carer.pk, starts_on=TODAY, ends_on=TOMORROW,
        reason="sick",
    )  # fmt: skip
    draft = begin_revision(
        actor=actor_of("district_manager"),
        at=NOW,
        title="社区服务目录修订",
        effective_from=date(2027, 1, 1),
        source="试行",
    )
    gone = draft.items.exclude(code=CLEANING).earliest("pk")
    drop_item(actor=actor_of("district_manager"), at=NOW, item_id=gone.pk)
    account = user_of("community_worker")
    day = SpecialDay.objects.create(region=COMMUNITY, day=TODAY, kind="holiday", name="社区邻里节", source="社区公告")
    return {
        "special_day": day.pk, "withdrawn_item": item(gone.code).pk,
        "absence": absence.pk, "edition": item().edition.number,
        "old_edition": Edition.objects.filter(published=True).earliest("number").number, "draft": draft.number,
        "draft_item": Item.objects.get(edition=draft, code=CLEANING).pk, "preset": "orders.leg.accept",
        "account": account.pk, "grant": account.grants.get().pk, **_doors(account),
    }  # fmt: skip


def _rounds() -> Things:
    """A spreadsheet of two residents, one of whom cannot come in, uploaded by each role that may."""
    content = one(["姓名", "身份证号", "联系电话"], ["周桂英", HERS, "139 0826 0005"], ["李建国", BROKEN, "1"])
    found: Things = {}
    for role in ("social_worker", "community_worker"):
        round_ = upload_round(
            actor=acting(seen_by(role)), at=NOW, register="residents", filename="居民名册.xlsx", blocks=lambda: [content],
            size=len(content),
        )  # fmt: skip
        found |= {f"round:{role}": round_.pk, "round": round_.pk}
    return found


def _doors(account: User) -> Things:
    """A token of the account's grant, and an address that was told of one event."""
    grant = account.grants.get()
    one = Subscription.objects.create(
        grant=grant, name="区级平台", url="https://example.org/hook", kinds=["need.record"], made_at=NOW, made_by=0,
        secret=Sealed.seal("whsec_AAAA", "webhook").token,
    )  # fmt: skip
    entry = JournalEntry.objects.filter(kind="need.record").earliest("pk")
    delivery = Delivery.objects.create(
        subscription=one, entry=entry, state=DeliveryState.DELIVERED, attempts=1, next_try_at=NOW, delivered_at=NOW,
        status=200, milliseconds=40,
    )  # fmt: skip
    return {
        "token": tokens.token(account, grant=grant)[0].pk, "subscription": one.pk, "delivery": delivery.pk,
    }  # fmt: skip


def seen_by(role_code: str, *, near: bool = True) -> User:
    """Return an account that holds this role where the things are, or elsewhere."""
    user, fresh = User.objects.get_or_create(
        username=f"{role_code}-{'near' if near else 'far'}", defaults={"name": ROLES[role_code].title}
    )
    if fresh:
        Grant.objects.create(
            user=user, role_code=role_code, valid_from=date(2020, 1, 1), **_place(role_code, near=near)
        )
    return user


@contextmanager
def standing(blocker: DjangoDbBlocker) -> Iterator[Things]:
    """Keep the showcase for a whole module: every test then works in a savepoint of the same transaction."""
    with blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: NOW)
        built = showcase()
        accounts = [seen_by(code, near=near) for code in ROLES if code != "system" for near in (True, False)]
        for user in [*accounts, without_grants()]:
            client = Client()
            client.force_login(user)
            _SIGNED_IN[user.pk] = client.cookies[settings.SESSION_COOKIE_NAME].value
        yield built
        transaction.set_rollback(True)
        _SIGNED_IN.clear()


def browser_of(user: User | None, *, strict: bool = False, raising: bool = True) -> Client:
    """Return a browser of an account of the standing showcase: signed in once, since that costs more than a page."""
    client = Client(enforce_csrf_checks=strict, raise_request_exception=raising)
    if user is not None:
        client.cookies[settings.SESSION_COOKIE_NAME] = _SIGNED_IN[user.pk]
    return client


@contextmanager
def undone() -> Iterator[None]:
    """Take back what happens inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def without_grants() -> User:
    """Return an account that may sign in and has no role."""
    return User.objects.get_or_create(username="nobody", defaults={"name": "没有身份的人"})[0]


def acting(user: User) -> Actor:
    """Return the account as an actor."""
    actor = actor_for(user=user, on=TODAY)
    assert actor is not None
    return actor


def _place(role_code: str, *, near: bool) -> dict[str, object]:
    """Return where a role stands: the same area, organisation or person as the things, or others."""
    reach = ROLES[role_code].reach
    if reach is Reach.AREA:
        return {"area_code": COMMUNITY if near else OTHER_COMMUNITY}
    if reach is Reach.ORGANISATION:
        name = "康乐居家养老服务中心" if near else "邻里帮社会服务中心"
        return {"organisation_id": Organisation.objects.get(name=name).pk}
    if role_code == "resident":
        return {"holder_id": Person.objects.filter(name="王桂芳" if near else "赵玉兰").earliest("pk").pk}
    names = {"carer": ("周敏", "郑洁"), "volunteer": ("孙立", "钱途")}[role_code]
    if role_code == "volunteer" and not near and not Worker.objects.filter(person__name=names[1]).exists():
        workforce.volunteer(names[1], area_code=OTHER_COMMUNITY)
    return {"holder_id": Worker.objects.get(person__name=names[0 if near else 1]).pk}
