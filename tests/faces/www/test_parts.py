"""Parts of a page say what they must: errors beside fields, filters kept, values escaped."""

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory

from wushe.faces.www.templatetags import figures


def render(source: str, address: str = "/", **context: object) -> str:
    request = RequestFactory().get(address)
    page = Template("{% load ui figures formats %}" + source)
    return page.render(Context({"request": request, "csrf_token": "token", **context}))


class NeedForm(forms.Form):
    name = forms.CharField(label="姓名", error_messages={"required": "请填写姓名。"})
    phone = forms.CharField(label="电话", help_text="11 位", required=False)
    channel = forms.ChoiceField(label="来源", choices=[("visit", "走访")], widget=forms.RadioSelect)


def test_an_error_stands_beside_its_field_and_the_typed_value_stays() -> None:
    html = render("{% error_summary form %}{% fields form %}", form=NeedForm({"phone": "<138>"}))
    assert 'href="#id_name">姓名：请填写姓名。' in html
    assert 'id="id_name_error"' in html
    assert 'aria-describedby="id_name_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'value="&lt;138&gt;"' in html
    assert "还有 2 处需要改正" in html


def test_a_good_form_shows_no_summary() -> None:
    form = NeedForm({"name": "王秀兰", "channel": "visit"})
    assert form.is_valid()
    assert render("{% error_summary form %}", form=form).strip() == ""


def test_the_pager_keeps_the_filters_and_changes_the_cursor() -> None:
    html = render('{% pager next="n1" shown=50 total="1,000+" %}', "/orders/?state=sent&before=b0")
    assert 'href="?state=sent&amp;after=n1"' in html
    assert "b0" not in html
    assert "共 1,000+ 条" in html


def test_a_sorted_column_turns_round() -> None:
    html = render('{% sort_header "due" "期限" %}', "/orders/?sort=due&after=x")
    assert 'aria-sort="ascending"' in html
    assert 'href="?sort=-due"' in html


def test_chips_mark_the_chosen_value() -> None:
    html = render(
        '{% chips "state" counts %}', "/?state=sent", counts=[("sent", "已送单", 12), ("placed", "已下单", 3)]
    )
    assert 'href="?state=sent" aria-current="true"' in html
    assert html.count("aria-current") == 1


def test_a_state_shows_icon_and_word() -> None:
    html = render('{% state_badge "sent" "已送单" %}')
    assert "icons.svg#send" in html
    assert "已送单" in html
    assert "tone-wait" in html


def test_one_word_may_mean_two_things() -> None:
    assert "tone-going" in render('{% state_badge "accepted" "已接单" "order" %}')
    assert "tone-done" in render('{% state_badge "accepted" "核验通过" "visit" %}')


def test_an_unknown_icon_is_refused() -> None:
    with pytest.raises(TemplateSyntaxError):
        render('{% icon "no-such-thing" %}')


def test_a_masked_value_asks_before_it_shows() -> None:
    hidden = render('{% masked "电话" "138****5678" "/reveal/" %}')
    assert 'method="post" action="/reveal/"' in hidden
    assert "显示电话（会留下查看记录）" in hidden
    opened = render('{% masked "电话" "13812345678" opened=True %}')
    assert "form" not in opened
    assert "已记录本次查看" in opened


def test_block_parts_escape_what_they_are_given() -> None:
    html = render("{% panel title=title %}{{ title }}{% endpanel %}", title="<b>")
    assert "<b>" not in html
    assert html.count("&lt;b&gt;") == 2


def test_the_data_of_a_figure_cannot_leave_its_script() -> None:
    data = {"kind": "line", "x": ["</script><script>"], "series": [{"name": "a", "values": [1]}]}
    html = render('{% chart "图" data %}', data=data)
    assert "</script><script>" not in html


def test_a_tile_opens_its_rows() -> None:
    html = render('{% tile "待派订单" 12 unit="单" address="/orders/?state=placed" trend=trend %}', trend=[1, 4, 2])
    assert 'href="/orders/?state=placed"' in html
    assert "走势：从1到2，最低1，最高4" in html


def test_bands_cover_all_values() -> None:
    data = {"areas": [{"properties": {"name": str(v), "value": v}, "geometry": None} for v in (0, 3, 50)], "unit": "件"}
    part = figures.area_map("图", data)
    assert part["bands"] == ["10件及以下", "10–20件", "20–30件", "30–40件", "40–50件"]
    assert part["areas"][1]["note"] == "3件"


def test_care_mode_is_read_from_the_cookie_and_never_trusted() -> None:
    request = RequestFactory().get("/")
    request.COOKIES.update(care="on", care_size='"><script>')
    page = Template("{% load ui %}{% care_attributes %}")
    assert page.render(Context({"request": request})) == 'data-care="on" data-care-size="18"'
    request.COOKIES["care_size"] = "26"
    assert page.render(Context({"request": request})) == 'data-care="on" data-care-size="26"'
    request.COOKIES["care"] = "off"
    assert page.render(Context({"request": request})) == ""
