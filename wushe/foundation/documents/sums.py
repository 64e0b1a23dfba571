"""A sum in the words of cheques, as receipts and contracts write it."""

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ["", "拾", "佰", "仟"]
_GROUPS = ["", "万", "亿", "万亿"]


def in_words(fen: int) -> str:
    """Return a sum in the words of cheques: 壹仟贰佰叁拾肆元伍角整."""
    yuan, rest = divmod(fen, 100)
    jiao, last = divmod(rest, 10)
    words = f"{_whole(yuan)}元" if yuan else ""
    if not rest:
        return f"{words or '零元'}整"
    words += f"{_DIGITS[jiao]}角" if jiao else "零" if yuan else ""
    return words + (f"{_DIGITS[last]}分" if last else "整")


def _whole(number: int) -> str:
    groups = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    words = ""
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if group == 0:
            continue
        if words and (group < 1000 or groups[place + 1] == 0):
            words += "零"
        words += _thousand(group) + _GROUPS[place]
    return words


def _thousand(group: int) -> str:
    words, gap = "", False
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if digit:
            words += ("零" if gap and words else "") + _DIGITS[digit] + _PLACES[place]
            gap = False
        else:
            gap = True
    return words
