"""Residents of the demonstration: invented people in households, with the categories of the handbook's shares."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import OuterRef, Subquery
from stdnum.cn import ric

from wushe.registers.people.identity import address_index, search_columns
from wushe.registers.people.models import Household, Person, Relation, Tag, TagKind

from .source import World, read

ADULT, ELDER = 18, 60


@dataclass
class Draft:
    """A person before insertion."""

    person: Person
    age: int
    tags: list[str]


def load_people(world: World) -> int:
    """Insert households, people, relations and tags; return how many people there are."""
    drafts: list[Draft] = []
    households: list[Household] = []
    taken: set[str] = set()
    for unit in read("district")["units"]:
        _fill_community(world, unit, drafts, households, taken)
    _draw_tags(world, drafts)
    Household.objects.bulk_create(households, batch_size=500)
    for draft in drafts:
        draft.person.household_id = draft.person.household.pk  # type: ignore[union-attr]
    Person.objects.bulk_create([d.person for d in drafts], batch_size=500)
    _name_heads()
    _insert_tags(world, drafts)
    _relate(world, drafts)
    world.people = {"all": [d.person for d in drafts], "adults": [d.person for d in drafts if ADULT <= d.age < 70]}
    world.elders = [d.person for d in drafts if d.age >= ELDER]
    world.people["tags"] = {d.person.pk: set(d.tags) for d in drafts}
    world.people["age"] = {d.person.pk: d.age for d in drafts}
    return len(drafts)


def _name_heads() -> None:
    """Let the first person of each household, an adult, head it."""
    first = Person.objects.filter(household=OuterRef("pk")).order_by("pk").values("pk")[:1]
    Household.objects.update(head=Subquery(first))


def _fill_community(
    world: World, unit: dict[str, Any], drafts: list[Draft], households: list[Household], taken: set[str]
) -> None:
    left = unit["residents"]
    while left > 0:
        size = min(left, world.pick(read("distributions")["household_sizes"])["size"])
        estate = world.dice.choice(world.estates[unit["code"]])
        building, floor = world.dice.randint(1, estate["buildings"]), world.dice.randint(1, max(1, estate["floors"]))
        address = f"{estate['name']}{building}栋{world.dice.randint(1, 3)}单元{floor}{world.dice.randint(1, 4):02d}室"
        household = Household(
            area_code=estate["code"],
            address=address,
            address_index=address_index(address),
            longitude=round(estate["longitude"] + world.dice.gauss(0, 0.0005), 6),
            latitude=round(estate["latitude"] + world.dice.gauss(0, 0.0005), 6),
        )
        households.append(household)
        drafts += _family(world, household, size, taken)
        left -= size


def _family(world: World, household: Household, size: int, taken: set[str]) -> list[Draft]:
    """Draw the members: a first person by the age pyramid, then spouse, children and parents around it."""
    first = _age(world, at_least=20)
    ages = [first]
    sexes = [world.dice.choice("FM")]
    surname = world.pick(read("names")["surnames"], "weight")["name"]
    surnames = [surname]
    for place in range(1, size):
        if place == 1 and first >= 25:
            ages.append(max(20, first + world.dice.randint(-5, 4)))
            sexes.append("F" if sexes[0] == "M" else "M")
            surnames.append(world.pick(read("names")["surnames"], "weight")["name"])
        elif first >= ELDER:
            ages.append(max(0, first - world.dice.choice([25, 27, 30, 52, 55])))
            sexes.append(world.dice.choice("FM"))
            surnames.append(surname)
        else:
            older = place >= 3 and world.chance(450)
            ages.append(first + world.dice.randint(22, 32) if older else max(0, first - world.dice.randint(22, 34)))
            sexes.append(world.dice.choice("FM"))
            surnames.append(surname)
    drafts = [_person(world, household, s, x, a, taken) for s, x, a in zip(surnames, sexes, ages, strict=True)]
    if size == 1:
        drafts[0].person.lives_alone = True
    return drafts


def _age(world: World, *, at_least: int = 0) -> int:
    bands = [b for b in read("distributions")["age_pyramid"] if b["age_from"] >= at_least]
    band = world.dice.choices(bands, [b["male"] + b["female"] for b in bands])[0]
    return world.dice.randint(band["age_from"], min(band["age_to"] or 97, 97))


def _person(world: World, household: Household, surname: str, sex: str, age: int, taken: set[str]) -> Draft:
    born = world.today - timedelta(days=age * 365 + world.dice.randint(5, 340))
    name = surname + _given_name(world, sex, born.year)
    phone = f"100{world.dice.randrange(10**8):08d}" if age >= 12 and world.chance(930) else ""
    number = _id_number(born, sex, taken)
    person = Person(
        area_code=household.area_code, name=name, sex=sex, born_on=born, household=household, id_number=number,
        phone=phone, demonstration=True, **search_columns(name=name, id_number=number, phone=phone),
    )  # fmt: skip
    return Draft(person, age, [])


def _given_name(world: World, sex: str, year: int) -> str:
    decades = read("names")["given_names"]
    decade = min(decades, key=lambda d: abs(d["decade"] - year // 10 * 10))
    pool = decade["female" if sex == "F" else "male"]
    if world.chance(decade["single_character_permille"]):
        return str(world.dice.choice(pool))
    return "".join(world.dice.sample(pool, 2))


def _id_number(born: date, sex: str, taken: set[str]) -> str:
    """Return a number that nobody can hold: order code 000 is never given out.

    At most one a day, for women only (000 is even); the others have none on record.
    """
    body = f"511602{born:%Y%m%d}000"
    if sex != "F" or body in taken:
        return ""
    taken.add(body)
    return body + str(ric.calc_check_digit(body + "0"))


def _draw_tags(world: World, drafts: list[Draft]) -> None:
    known = set(TagKind.objects.values_list("code", flat=True))
    shares = {row["tag"]: row["permille"] for row in read("distributions")["tags"]}
    levels = {"disability_1": 1, "disability_2": 2, "disability_3": 3, "disability_4": 4}
    for draft in drafts:
        draft.tags = [code for code in _tag_codes(world, draft, shares) if code in known]
        sound = 0 if draft.age >= ELDER and world.chance(300) else None
        draft.person.ability_level = next((levels[tag] for tag in draft.tags if tag in levels), sound)


def _insert_tags(world: World, drafts: list[Draft]) -> None:
    kinds = {kind.code: kind for kind in TagKind.objects.all()}
    rows = []
    for draft in drafts:
        for code in draft.tags:
            start = world.today - timedelta(days=world.dice.randint(30, 1400))
            months = kinds[code].review_months
            rows.append(
                Tag(
                    person=draft.person,
                    kind=kinds[code],
                    starts_on=start,
                    evidence=kinds[code].evidence,
                    review_on=start + timedelta(days=30 * months) if months else None,
                )
            )
    Tag.objects.bulk_create(rows, batch_size=500)


_ELDER_TAGS = ("left_behind_elder", "dementia", "tekun", "hypertension", "diabetes", "heart_disease")
_ANY_TAGS = ("dibao", "dibao_edge", "disabled_severe", "disabled_mild", "serious_illness", "floating")
_CHILD_TAGS = ("orphan", "child_unsupported", "child_hardship", "child_left_behind")
_ADULT_TAGS = ("unemployed", "party_member", "mental_disorder")


def _tag_codes(world: World, draft: Draft, shares: dict[str, int]) -> list[str]:
    codes = [code for code in _ANY_TAGS if world.chance(shares[code])]
    if "disabled_severe" in codes and "disabled_mild" in codes:
        codes.remove("disabled_mild")
    if draft.age >= ELDER:
        codes += [code for code in _ELDER_TAGS if world.chance(shares[code])]
        # Loss of ability grows with age: the shares are those of all elders, spread by an age factor.
        factor = 0.4 if draft.age < 70 else 1.0 if draft.age < 80 else 2.4
        level = next((n for n in (4, 3, 2, 1) if world.chance(shares[f"disability_{n}"] * factor)), 0)
        codes += [f"disability_{level}"] if level else []
        codes += ["living_alone"] if draft.person.lives_alone else []
        codes += ["age_80"] if draft.age >= 80 else []
    elif draft.age < ADULT:
        codes += [code for code in _CHILD_TAGS if world.chance(shares[code])]
    else:
        codes += [code for code in _ADULT_TAGS if world.chance(shares[code])]
    if draft.age >= 50 and world.chance(shares["family_planning_special"]):
        codes.append("family_planning_special")
    return codes


def _relate(world: World, drafts: list[Draft]) -> None:
    """Relate the members of a household; an adult child may act for an elder."""
    by_household: dict[int, list[Draft]] = {}
    for draft in drafts:
        by_household.setdefault(draft.person.household_id or 0, []).append(draft)
    rows = []
    for members in by_household.values():
        for elder in (m for m in members if m.age >= ELDER):
            for other in members:
                gap = elder.age - other.age
                if other is elder or other.age < ADULT:
                    continue
                kind = (
                    Relation.Kind.CHILD
                    if gap >= 18
                    else Relation.Kind.SPOUSE
                    if abs(gap) <= 12
                    else Relation.Kind.OTHER
                )
                rows.append(Relation(person=elder.person, relative=other.person, kind=kind, may_act=gap >= 18))
    Relation.objects.bulk_create(rows, batch_size=500)
