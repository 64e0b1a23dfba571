"""A tranche on its way through the pages: filed by the carrier, read, released and paid by three different people."""

import pytest
from django.utils import timezone

from tests.factories import grants, needs
from tests.factories.cast import client_of, world
from tests.factories.places import COMMUNITY, NOON
from wushe.chain.projects.models import Grant, OutcomeReading, StandardMark, Tranche, TrancheState

pytestmark = pytest.mark.django_db


def test_from_the_standard_to_the_payment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    here = world()
    project = needs.project(here.organisation, area_code=COMMUNITY)
    line = needs.budget_line(project, fen=900_000)
    desk, carrier, clerk = client_of("social_worker"), client_of("organisation_a"), client_of("settlement_clerk")
    home = f"/projects/{project.pk}/"

    asked = {"title": "公益创投资助", "line_id": line.pk, "amount_fen": "9000", "shares": "50/30/20",
             "agreed_on": "2026-09-14"}  # fmt: skip
    assert "立项条款还有6条没有达到" in desk.post(f"{home}grant/", asked).text
    marks = {f"verdict_{n}": "yes" for n in range(6)} | {f"evidence_{n}": "立项材料" for n in range(5)}
    refused = desk.post(f"{home}standard/", marks)
    assert refused.status_code == 422
    assert refused.text.count("立项材料") == 5
    assert StandardMark.objects.count() == 0
    assert desk.post(f"{home}standard/", marks | {"evidence_5": "指标表"}).status_code == 302
    wrong = desk.post(f"{home}grant/", asked | {"shares": "五五开"})
    assert (wrong.status_code, "50/30/20 的样子" in wrong.text) == (422, True)
    assert desk.post(f"{home}grant/", asked).status_code == 302
    tranche = Tranche.objects.get(grant=Grant.objects.get(), number=1)
    act, report = f"/projects/tranche/{tranche.pk}/act", f"/projects/report/{tranche.report.pk}/"

    assert "还差：《实施方案》待提交" in desk.get(home).text
    early = desk.post(f"{act}/release/")
    assert (early.status_code, "第1批还不能拨付" in early.text) == (422, True)
    typed = {"text": "太短", "people": "60", "spent_fen": "10.5", "papers": "签到表"}
    short = carrier.post(f"{report}file/", typed)
    assert (short.status_code, "太短" in short.text, "签到表" in short.text) == (422, True, True)
    assert carrier.post(f"{report}file/", typed | {"text": grants.WORDS}).status_code == 302
    assert client_of("organisation_b").get(report).status_code == 404
    assert desk.post(f"{report}act/accept/", {"remark": "可行"}).status_code == 302
    assert desk.post(f"{act}/release/").status_code == 302
    assert desk.post(f"{act}/pay/", {"voucher": "51160000001"}).status_code == 403
    assert clerk.post(f"{act}/pay/", {"voucher": "1"}).status_code == 422
    assert clerk.post(f"{act}/pay/", {"voucher": "51160000001"}).status_code == 302
    tranche.refresh_from_db()
    assert (tranche.state, tranche.amount_fen, tranche.voucher) == (TrancheState.PAID, 450_000, "51160000001")
    assert "凭证 51160000001" in carrier.get(home).text

    assert desk.post(f"{home}rectify/", {"fault": "签到表缺签名", "due_on": "2026-09-20"}).status_code == 302
    fault = project.rectifications.get()
    answered = carrier.post(f"/projects/rectification/{fault.pk}/act/answer/", {"answer": "已经补签"})
    assert answered.status_code == 302
    assert "还有1项整改没有销号" in desk.get(home).text
    assert desk.post(f"/projects/rectification/{fault.pk}/act/close/").status_code == 302

    table = clerk.post("/projects/export/", {"state": "paid", "format": "csv"}).content.decode("utf-8-sig")
    assert [row.split(",")[5] for row in table.split("\r\n")[1:-1]] == ["4500.00"]

    scale = {"title": "孤独感", "lowest": "0", "highest": "10", "more_is_better": "no"}
    assert desk.post(f"{home}outcome/measure/", scale).status_code == 302
    reading = {"measure_id": project.measures.get().pk, "who": "没有这个人", "value": "8", "on": "2026-09-14"}
    unknown = desk.post(f"{home}outcome/", reading)
    assert (unknown.status_code, "没有找到这位居民" in unknown.text) == (422, True)
    assert desk.post(f"{home}outcome/", reading | {"who": here.elder.name}).status_code == 302
    assert OutcomeReading.objects.get().before == 8
