"""Quantities: money is a whole number of fen, time a whole number of minutes. Nothing is ever stored rounded."""

from decimal import ROUND_HALF_UP, Decimal


def fen_from_yuan(yuan: Decimal | str) -> int:
    """Return fen; raise ValueError for a fraction of a fen."""
    fen = Decimal(yuan) * 100
    if fen != fen.to_integral_value():
        raise ValueError("金额最多两位小数")
    return int(fen)


def share_of(fen: int, share: Decimal) -> int:
    """Return this share of a sum, rounded half up to a whole fen."""
    return int((Decimal(fen) * share).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def show_fen(fen: int) -> str:
    """Return a sum as people write it: ¥1,234.50."""
    sign = "-" if fen < 0 else ""
    return f"{sign}¥{abs(fen) // 100:,}.{abs(fen) % 100:02d}"


def show_minutes(minutes: int) -> str:
    """Return a duration as people say it: 2小时30分."""
    sign, minutes = ("-", -minutes) if minutes < 0 else ("", minutes)
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{sign}{rest}分钟"
    return f"{sign}{hours}小时{rest}分" if rest else f"{sign}{hours}小时"
