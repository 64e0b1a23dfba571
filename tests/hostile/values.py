"""What people, broken programs and enemies send instead of what was asked for."""

from random import Random


def _words(text: str) -> list[str]:
    return text.split()


HUGE = "长" * 20_000
VALUES = {
    "wrong kind": ["abc", "十二", "1e9", "NaN", "inf", "-inf", "true", "[]", "{}", "None", "1,000", "0x1F", "１２", "²", "١٢"],
    "empty": ["", " ", "\t", "\n", "　"],
    "huge": [HUGE, "9" * 400, "9223372036854775808", "-9223372036854775809", "99999999999", "1" * 5000],
    "control": ["a\x00b", "\x00", "\x1b[2J", "a\r\nSet-Cookie: x=1", "\ud83d".encode("utf-8", "replace").decode(), "\u202eabc", "\ufffe"],
    "markup": ["<script>alert(1)</script>", "' OR 1=1 --", "\"); DROP TABLE needs_need; --", "{{ 7*7 }}", "%s%s%n", "../../etc/passwd",
               "=HYPERLINK(\"x\")", "%", "_", "\\"],
    "out of range": ["-1", "0", "-0", "1e308", "2147483648", "0000-00-00", "2026-02-30", "9999-12-31", "0001-01-01", "10000-01-01",
                     "24:00", "25:61", "99:99", "-5:10", "2026-13", "²:00"],
    "unknown": ["987654321", "511699", "no-such-state", "511602002", "1", "zzz.zzz", "12.", ".12", "99999.99999999999999999"],
}  # fmt: skip
QUERY = _words("""
q state after before day area view sort show period kind organisation part on month first last number who
thing tab for to worker start role holder active subject certainty category export shell next urgency channel
overdue left format text page
""")
"""Every name that any page reads from its address."""
FIELDS = _words("""
q state area reason where field person words channel wanted_on wanted_from wanted_until client_key relative
kind may_act society organisation_id budget_line_id project_id resource_id resource_quantity visits_ordered
starts_on window_start window_end weekdays organisation_ids note item_id other_item urgency responsible_party
package_id duplicate_of_id amount title source_class carrier_id carrier name sex born_on area_code phone
id_number address ability_level lives_alone tag_code evidence then day seconds worker start lock locked
ends_on visit reached came satisfied comment client_id device_at longitude latitude accuracy evidence_kind
more score for value region effective_from source confirmed plain unit minutes price photos signature
two_people username password next grant care role holder valid_from owner_id available_from available_until
quantity conditions purpose indicators scene ends_on format first last
""")
"""Every name that any page reads from a form."""
NUMBERS = [0, 2**31, 2**63 - 1, 2**63, 10**30]
"""Numbers of things, as an address may carry them."""


def mixed(names: list[str], kind: str, random: Random) -> dict[str, str]:
    """Return a value of this kind for every name."""
    return {name: random.choice(VALUES[kind]) for name in names}


def one_bad(good: dict[str, str], random: Random) -> dict[str, str]:
    """Return an otherwise good form with one wrong value."""
    if not good:
        return {}
    kind = random.choice(sorted(VALUES))
    return {**good, random.choice(sorted(good)): random.choice(VALUES[kind])}
