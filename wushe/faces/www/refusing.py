"""Forms and refusals: what a service refuses stands beside the field that caused it, and typed values stay."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar
from uuid import uuid4

from django import forms
from django.http import HttpRequest, QueryDict

from wushe.foundation.errors import Conflict, Invalid

T = TypeVar("T")


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent, even if all of it is empty; None for a page that is only looked at."""
    return request.POST if request.method == "POST" else None


def whole(value: str) -> int | None:
    """Return a row's number from a request; None for anything else, however long or in whichever script."""
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None


def carry_out(form: forms.BaseForm, act: Callable[[dict[str, Any]], T]) -> T | None:
    """Run the act with the form's clean values; on a refusal put its words into the form and return None.

    A form that is not valid is not carried out. NotAllowed and NotFound go on to the middleware.
    """
    if not form.is_valid():
        return None
    try:
        return act(form.cleaned_data)
    except Invalid as refusal:
        for name, message in (refusal.fields or {"": refusal.message}).items():
            form.add_error(name if name in form.fields else None, message)
    except Conflict as refusal:
        form.add_error(None, refusal.message)
    return None


def faults_of(form: forms.BaseForm) -> str:
    """Return what is wrong with a form in one line, for a page that has no place beside the field."""
    return "；".join(str(one) for errors in form.errors.values() for one in errors)


def one_of(value: str, known: Iterable[str]) -> str:
    """Return a choice from a request, "" for anything that is none."""
    return value if value in known else ""


class OnceForm(forms.Form):
    """A form that is carried out once however often it is sent: it brings a key that the server keeps."""

    client_key = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"client_key": uuid4().hex, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)


class DayInput(forms.DateInput):
    """A date as browsers ask for it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ClockInput(forms.TextInput):
    """A time of day as browsers ask for it."""

    input_type = "time"


class ClockField(forms.CharField):
    """A time of day, kept as minutes since midnight."""

    default_error_messages = {"clock": "时间请写成 09:30 的样子。"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=ClockInput, **kwargs)

    def clean(self, value: Any) -> int | None:
        """Return minutes, None for an empty optional field."""
        text = super().clean(value)
        if not text:
            return None
        hours, _, rest = text.partition(":")
        if not (hours.isdecimal() and rest[:2].isdecimal() and int(hours) < 25 and int(rest[:2]) < 60):
            raise forms.ValidationError(self.error_messages["clock"], code="clock")
        return int(hours) * 60 + int(rest[:2])

    def prepare_value(self, value: Any) -> Any:
        """Show minutes as a clock."""
        return f"{value // 60:02d}:{value % 60:02d}" if isinstance(value, int) else value


class YuanField(forms.DecimalField):
    """Money typed in yuan, kept in fen."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=14, decimal_places=2, min_value=0, **kwargs)

    def clean(self, value: Any) -> int | None:
        """Return fen."""
        yuan = super().clean(value)
        return None if yuan is None else int(yuan * 100)
