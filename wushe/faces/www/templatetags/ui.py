"""Parts of a page: icons, badges, forms, tables, dialogs. Each tag says in its docstring what to give it."""

import json
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.contrib.staticfiles import finders
from django.forms import BoundField, Form
from django.http import QueryDict
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from wushe.faces.www.account.views import CARE_SIZES
from wushe.faces.www.state_looks import look_of

register = template.Library()

VENDOR = "www/vendor/"


@cache
def vendored(package: str) -> str:
    """Return the static path of a vendored package's file, as vendor.json names it."""
    manifest = finders.find(f"{VENDOR}vendor.json")
    rows = json.loads(Path(str(manifest)).read_text(encoding="utf-8"))
    file_name: str = next(row["file"] for row in rows if row["name"] == package)
    return VENDOR + file_name


@cache
def icon_names() -> frozenset[str]:
    """Return the icons in the sprite."""
    sprite = Path(str(finders.find(vendored("@tabler/icons")))).read_text(encoding="utf-8")
    return frozenset(part.split('"', 1)[0] for part in sprite.split('<symbol id="')[1:])


@register.simple_tag
@cache
def sheets(names: str) -> SafeString:
    """Link the style sheets named in one string: {% sheets "tokens base" %}."""
    return format_html_join(
        "", '<link rel="stylesheet" href="{}">\n  ', ((static(f"www/css/{n}.css"),) for n in names.split())
    )


@register.simple_tag
@cache
def vendor(package: str) -> str:
    """Return the address of a vendored file: {% vendor "bootstrap" %}."""
    return static(vendored(package))


# Marked and unmarked text are told apart (`typed`), or one could be drawn with the other's escaping.
@register.simple_tag
@lru_cache(maxsize=1000, typed=True)
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """Draw an icon: {% icon "map-pin" %}. size: "", "l", "xl". label only if no word stands beside it."""
    if name not in icon_names():
        raise template.TemplateSyntaxError(f"no icon {name!r}: add it to tools/assets/icons.txt")
    kind = f"icon icon-{size}" if size else "icon"
    address = f"{static(vendored('@tabler/icons'))}#{name}"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>', kind, label, address
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"></use></svg>', kind, address)


@register.simple_tag
def state_badge(state: Any, label: str = "", kind: str = "") -> SafeString:
    """Show a state as icon and word: {% state_badge order.state order.get_state_display "order" %}."""
    code = str(getattr(state, "value", state))
    look = look_of(code, kind)
    return badge(look.tone, look.icon, str(label or getattr(state, "label", code)))


@register.simple_tag
@lru_cache(maxsize=1000, typed=True)
def badge(tone: str, icon: str, label: str) -> SafeString:
    """Show a free badge: {% badge "wait" "clock" "还有40分钟" %}."""
    return format_html('<span class="badge tone-{}">{}{}</span>', tone, _icon(icon), label)


@register.inclusion_tag("www/components/crumbs.html")
def crumbs(*pairs: str) -> dict[str, Any]:
    """Show the way here as label and address in turn, the last label alone: {% crumbs "订单" url "订单 20260312" %}."""
    steps = [(pairs[i], pairs[i + 1] if i + 1 < len(pairs) else "") for i in range(0, len(pairs), 2)]
    return {"steps": steps}


@register.simple_block_tag
def panel(content: SafeString, title: str = "", icon: str = "", flush: bool = False) -> SafeString:
    """Frame a part of a page: {% panel title="今日安排" icon="calendar" %}…{% endpanel %}. flush for a table inside."""
    return _render("panel.html", {"content": content, "title": title, "icon": icon, "flush": flush})


_icon = icon  # where a parameter has the name of the tag


NOTICE_ICONS = {
    "done": "circle-check",
    "going": "info-circle",
    "wait": "alert-triangle",
    "stop": "alert-circle",
    "check": "zoom-check",
    "rest": "info-circle",
}


@register.simple_block_tag
def notice(content: SafeString, tone: str = "going", title: str = "") -> SafeString:
    """Say something that must not be missed: {% notice tone="wait" title="超时" %}…{% endnotice %}."""
    return _render(
        "notice.html", {"content": content, "title": title, "tone": tone, "icon": NOTICE_ICONS.get(tone, "info-circle")}
    )


@register.simple_block_tag
def empty_state(content: SafeString, title: str, icon: str = "inbox") -> SafeString:
    """Say that nothing is here and what to do: {% empty_state title="还没有需求" %}<a …>记一条</a>{% endempty_state %}."""
    return _render("empty_state.html", {"content": content, "title": title, "icon": icon})


@register.simple_block_tag
def data_table(content: SafeString, caption: str = "", cards: bool = True) -> SafeString:
    """Frame <thead> and <tbody>; at phone width each row becomes a card, whose td carry data-label="列名"."""
    kind, name = " is-cards" if cards else "", caption or "表格"
    hidden = format_html('<caption class="visually-hidden">{}</caption>', caption) if caption else ""
    return format_html(
        '<div class="table-wrap{}" tabindex="0" role="region" aria-label="{}"><table class="table">{}{}</table></div>',
        kind, name, hidden, content,
    )  # fmt: skip


@register.inclusion_tag("www/components/sort_header.html", takes_context=True)
def sort_header(context: RequestContext, key: str, label: str, number: bool = False) -> dict[str, Any]:
    """Show a sortable column head; the order stands in ?sort=key or ?sort=-key: {% sort_header "due" "期限" %}."""
    chosen = context["request"].GET.get("sort", "")
    direction = {key: "ascending", f"-{key}": "descending"}.get(chosen, "")
    target = f"-{key}" if direction == "ascending" else key
    address = _changed(context["request"].GET, sort=target, after=None, before=None)
    return {"label": label, "direction": direction, "address": address, "number": number}


@register.inclusion_tag("www/components/pager.html", takes_context=True)
def pager(
    context: RequestContext,
    *,
    next: str | None = None,  # noqa: A002 — templates say next=…, as everybody would
    previous: str | None = None,
    shown: int | None = None,
    total: int | str | None = None,
    export: str = "",
) -> dict[str, Any]:
    """Show the foot of a keyset list: {% pager next=page.next previous=page.previous shown=50 total="1,000+" export=url %}.

    The cursors come back as ?after=… and ?before=…; the other filters stay in the address.
    """
    query = context["request"].GET
    return {
        "next": _changed(query, after=next, before=None) if next else "",
        "previous": _changed(query, before=previous, after=None) if previous else "",
        "shown": shown,
        "total": total,
        "export": export + _changed(query, after=None, before=None) if export else "",
    }


@register.inclusion_tag("www/components/chips.html", takes_context=True)
def chips(
    context: RequestContext, key: str, choices: Iterable[tuple[str, str, int]], all_label: str = "全部"
) -> dict[str, Any]:
    """Show one filter as chips with counts: {% chips "state" counts %} with (value, label, count) triples."""
    query = context["request"].GET
    chosen = query.get(key, "")
    rows = [("", all_label, None), *choices]
    items = [
        {
            "label": label,
            "count": count,
            "current": str(value) == chosen,
            "address": _changed(query, after=None, before=None, **{key: value or None}),
        }
        for value, label, count in rows
    ]
    return {"items": items}


@register.inclusion_tag("www/components/tabs.html", takes_context=True)
def tabs(context: RequestContext, *triples: Any, named: str = "分页签") -> dict[str, Any]:
    """Show sibling pages as tabs: label, address, count (or None) in turn; the current one is found by its path.

    A second row of tabs on a page needs a name of its own.
    """
    path = context["request"].path
    items = [
        {"label": triples[i], "address": triples[i + 1], "count": triples[i + 2],
         "current": str(triples[i + 1]).partition("?")[0] == path}
        for i in range(0, len(triples), 3)
    ]  # fmt: skip
    return {"items": items, "named": named}


@register.inclusion_tag("www/components/steps.html")
def steps(current: int, *labels: str) -> dict[str, Any]:
    """Show where one stands in a task of several pages: {% steps 2 "选服务" "选时间" "确认" %} (counted from 1)."""
    return {"items": [(label, number < current, number == current) for number, label in enumerate(labels, 1)]}


@register.inclusion_tag("www/components/field.html")
def field(bound: BoundField, short: bool = False) -> dict[str, Any]:
    """Show one form field with label, hint, mark and error: {% field form.phone %}."""
    widget = bound.field.widget
    several = hasattr(widget, "choices") and getattr(widget, "input_type", "") in {"radio", "checkbox"}
    single_box = not several and getattr(widget, "input_type", "") == "checkbox"
    return {"field": bound, "several": several, "single_box": single_box, "short": short, "control": _control(bound)}


@register.inclusion_tag("www/components/fields.html")
def fields(form: Form, *names: str) -> dict[str, Any]:
    """Show the named fields, or all visible ones, with the hidden ones: {% fields form %}."""
    return {"form": form, "bound": [form[name] for name in names] if names else form.visible_fields()}


@register.inclusion_tag("www/components/error_summary.html")
def error_summary(form: Form) -> dict[str, Any]:
    """List all errors of a form at its top, each linked to its field: {% error_summary form %}."""
    rows = [(form[name], errors) for name, errors in form.errors.items() if name in form.fields]
    return {"form": form, "rows": rows}


@register.inclusion_tag("www/components/masked.html", takes_context=True)
def masked(
    context: RequestContext, label: str, value: str, reveal_url: str = "", opened: bool = False
) -> dict[str, Any]:
    """Show a protected value; 显示 posts to reveal_url, which records who looked: {% masked "电话" order.phone_masked url %}.

    The answer to the post is this same part with opened=True (or a page of its own without scripts).
    """
    return {
        "label": label, "value": value, "reveal_url": reveal_url, "opened": opened,
        "csrf_token": context.get("csrf_token"),
    }  # fmt: skip


@register.simple_block_tag(takes_context=True)
def confirm(
    context: RequestContext,
    content: SafeString,
    *,
    action: str,
    label: str,
    title: str,
    do: str = "确定",
    icon: str = "",
    danger: bool = True,
) -> SafeString:
    """Ask before a dangerous act: the button opens a dialog, the dialog's form posts to `action`.

    {% confirm action=url label="取消订单" title="取消这张订单？" do="取消订单" %}<p>说明…</p>{% endconfirm %}
    Without scripts it is a <details> holding the same form. Fields inside the block are posted with it.
    """
    context_values = {"content": content, "action": action, "label": label, "title": title, "do": do, "danger": danger,
                      "icon": icon, "csrf_token": context.get("csrf_token")}  # fmt: skip
    return _render("confirm.html", context_values)


@register.inclusion_tag("www/components/progress.html")
def progress(label: str, done: int | None, total: int | None, poll_url: str = "", note: str = "") -> dict[str, Any]:
    """Show long work; with poll_url it asks again every 2 s until an answer comes without poll_url (the work is over)."""
    return {"label": label, "done": done, "total": total, "poll_url": poll_url, "note": note}


@register.inclusion_tag("www/components/timeline.html")
def timeline(steps: Iterable[Mapping[str, Any] | object], title_level: int = 3) -> dict[str, Any]:
    """Show a chain of steps in order: title, when, who, why, icon, phase, links [(label, address)], state (badge).

    phase: "past", "now", "ahead" or "stopped". A step ahead says in `why` what has to happen first.
    """
    return {"steps": steps, "title_level": title_level}


@register.simple_tag(takes_context=True)
def care_attributes(context: RequestContext) -> SafeString:
    """Return the attributes of <html> for 关怀版, from the cookies care and care_size."""
    request = context.get("request")
    cookies = request.COOKIES if request else {}
    if cookies.get("care") != "on":
        return SafeString("")
    size = cookies.get("care_size", "18")
    return format_html('data-care="on" data-care-size="{}"', size if size in CARE_SIZES else "18")


def _render(name: str, values: dict[str, Any]) -> SafeString:
    """Render a component's template."""
    return mark_safe(render_to_string(f"www/components/{name}", values))  # noqa: S308 — a template escapes its values


def _changed(query: QueryDict, **changes: str | None) -> str:
    """Return the query string with some values set, or removed where None."""
    changed = query.copy()
    for key, value in changes.items():
        if value is None:
            changed.pop(key, None)
        else:
            changed[key] = value
    return f"?{changed.urlencode()}"


def _control(bound: BoundField) -> SafeString:
    """Render the control alone; hint and error are tied to it by Django itself, given their ids."""
    attributes: dict[str, str | bool] = {"aria-invalid": "true"} if bound.errors else {}
    return bound.as_widget(attrs=attributes)
