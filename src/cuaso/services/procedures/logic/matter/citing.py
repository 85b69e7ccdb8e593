"""What a procedure takes, costs and who settles it, in words with their source, also in English."""

from collections.abc import Iterator
from datetime import date

from cuaso.declarations.procedures import Fee, Procedure
from cuaso.services.procedures.contracts import Cited
from cuaso.services.procedures.logic.matter import declared
from cuaso.services.procedures.models import ProcedureVersion

CHANNEL_NAMES = {"online": "Trực tuyến", "counter": "Trực tiếp", "post": "Qua bưu chính"}


def limits(row: ProcedureVersion, on: date) -> tuple[Cited, ...]:
    """Return how long settling may take on a day, once where every channel takes as long."""
    found: dict[str, Cited] = {}
    for channel, name in CHANNEL_NAMES.items():
        limit = declared.limit(row, on=on, channel=channel)
        if limit is None:
            continue
        said = str(limit.duration)
        if limit.cut_off:
            said += f"; nhận sau {limit.cut_off:%H} giờ thì trả trong ngày làm việc tiếp theo"
        found[name] = Cited(say=said, source=limit.source, unverified=limit.unverified)
    if len({cited.say for cited in found.values()}) == 1:
        return (next(iter(found.values())),)
    return tuple(
        Cited(say=f"{name}: {cited.say}", source=cited.source, unverified=cited.unverified)
        for name, cited in found.items()
    )


def case_limits(declaration: Procedure, on: date) -> Iterator[Cited]:
    """Yield how long the declared cases take, each with what makes the case."""
    found = declaration.time_limit.find(on)
    for case in found.value.cases if found else ():
        spans = {name: case.of(channel) for channel, name in CHANNEL_NAMES.items()}
        alone = next(iter(spans.values())) if len(set(spans.values())) == 1 else None
        if alone:
            said = str(alone)
        else:
            said = "; ".join(f"{name} {span}" for name, span in spans.items() if span)
        yield Cited(
            say=f"{case.say}: {said}",
            say_en=f"{case.say_en}: {alone.english}" if alone and case.say_en else "",
            source=found.source if found else "",
            unverified=bool(found and found.unverified),
        )


def fees(declaration: Procedure, on: date) -> tuple[Cited, ...]:
    """Return the fees that stand on a day."""
    said = []
    for fee in declaration.fees.values():
        amount = fee.amount.find(on)
        if amount is not None:
            said.append(
                Cited(
                    say=f"{fee.title}: {fee.say or amount.value}",
                    source=amount.source,
                    unverified=amount.unverified,
                    say_en=_fee_en(fee, amount.value),
                )
            )
    return tuple(said)


def _fee_en(fee: Fee, amount: str) -> str:
    """Return the fee in English, `""` where its declaration says either half in Vietnamese only."""
    price = fee.say_en if fee.say else amount
    return f"{fee.title_en}: {price}" if fee.title_en and price else ""


def competence(declaration: Procedure) -> str:
    """Say who settles, and who signs where that is another agency."""
    signing = declaration.signing
    return " ".join((declaration.competent.say, *((signing.say,) if signing else ())))


def competence_en(declaration: Procedure) -> str:
    """Say the same in English, `""` where the declaration has none."""
    said = (declaration.competent, *((declaration.signing,) if declaration.signing else ()))
    return " ".join(one.say_en for one in said) if all(one.say_en for one in said) else ""


def joined_en(cited: tuple[Cited, ...]) -> str:
    """Return the English of all of them, `""` unless each has its own."""
    return "; ".join(one.say_en for one in cited) if all(one.say_en for one in cited) else ""
