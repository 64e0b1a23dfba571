"""Refusals: what a domain call says when it will not act, in words a user can read.

Every service names the exceptions it raises. A face turns each family into one kind of answer:
`NotAllowed` 403, `NotFound` 404, `Conflict` 409 and `Invalid` a message beside the field.
"""

from collections.abc import Mapping


class Refusal(Exception):
    """A domain call refused to act; `message` is Chinese and safe to show."""

    message = "操作没有完成。"

    def __init__(self, message: str | None = None) -> None:
        self.message = message or self.message
        super().__init__(self.message)


class NotAllowed(Refusal):
    """The actor's role lacks the right."""

    message = "您当前的身份没有这项权限。"


class NotFound(Refusal):
    """No such row within the actor's scope; the same answer whether it exists elsewhere or not."""

    message = "没有找到这条记录，可能已不在您的辖区或职责范围内。"


class Conflict(Refusal):
    """Somebody or something was first; nothing was changed."""

    message = "这条记录刚刚被别人更新，请刷新后再试。"


class SecondPerson(Conflict):
    """Who took the first of two steps does not take the second."""

    message = "经办的人不能自己复核，请由另一个人办理。"


class Invalid(Refusal):
    """The input breaks a rule; `fields` maps a field name to its message, "" to the whole."""

    message = "填写的内容有误，请检查。"

    def __init__(self, message: str | None = None, *, fields: Mapping[str, str] | None = None) -> None:
        self.fields = dict(fields or {})
        super().__init__(message or next(iter(self.fields.values()), None))
