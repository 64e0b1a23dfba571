"""Words that somebody has to say before a step is taken: the reason, the answer, the verdict."""

from .errors import Invalid


def said(words: str, field: str, *, least: int = 2, most: int = 300, ask: str = "请写明情况") -> str:
    """Return the words without the blanks around them; raise Invalid beside the field for too few or too many."""
    words = words.strip()
    if not least <= len(words) <= most:
        raise Invalid(fields={field: f"{ask}（{least}到{most}个字）。"})
    return words
