from cuaso.kernel import clock
from cuaso.services.procedures.logic.matter import catalogue, declared, lists


def sample_values(*, code: str, seed: int, channel: str = "online") -> dict[str, str | list[str]]:
    """Return invented answers that the form accepts today, the same for the same seed and day.

    For demonstration data, tests and benchmarks: flat path → text, as a person would type it.
    """
    version = catalogue.version_on(code=code, on=clock.today())
    return declared.form(version).sample(lists.context(channel=channel), seed=seed)
